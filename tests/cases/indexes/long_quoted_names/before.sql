CREATE SCHEMA "S x"; CREATE TABLE "S x"."T" ("a b" int, "C" text);
CREATE INDEX "I aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" ON "S x"."T" ("a b");
CREATE INDEX " ON " ON "S x"."T" (lower("C"));
