CREATE TYPE "a$$b" AS ENUM ('one', 'two', 'three');
CREATE TABLE "t$1" (id INT PRIMARY KEY, "e$" "a$$b" NOT NULL DEFAULT 'one');
