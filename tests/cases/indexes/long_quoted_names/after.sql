CREATE SCHEMA "S x"; CREATE TABLE "S x"."T" ("a b" int, "C" text);
CREATE INDEX "I aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" ON "S x"."T" ("a b" DESC);
CREATE INDEX " ON " ON "S x"."T" (upper("C")) WHERE "a b" > 0;
