CREATE TABLE "T" ("A a" int, "B" text);
CREATE MATERIALIZED VIEW "M m" AS SELECT "A a", upper("B") AS "L b" FROM "T";
CREATE UNIQUE INDEX "M i" ON "M m" ("A a"); CREATE INDEX "M j" ON "M m" ("L b" text_pattern_ops) WHERE "A a" > 0;
COMMENT ON INDEX "M i" IS 'i'; ALTER MATERIALIZED VIEW "M m" CLUSTER ON "M i"; COMMENT ON COLUMN "M m"."L b" IS 'l';
