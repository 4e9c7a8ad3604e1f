CREATE TYPE "My Enum" AS ENUM ('a b', 'it''s', ''); CREATE TABLE "T" ("E" "My Enum" DEFAULT 'a b', x "My Enum"[]);
