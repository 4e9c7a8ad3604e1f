CREATE SCHEMA "user"; CREATE TABLE "user"."table" ("select" bigint PRIMARY KEY, "where" text DEFAULT 'y'); CREATE INDEX "index" ON "user"."table" ("where" DESC);
CREATE SCHEMA "all"; CREATE VIEW "all"."view" AS SELECT "select" AS "as" FROM "user"."table";
