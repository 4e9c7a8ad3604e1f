CREATE TYPE "My Enum" AS ENUM ('it''s', 'a b', 'ü'); CREATE TABLE "T" ("E" "My Enum" DEFAULT 'it''s');
