CREATE SCHEMA "user"; CREATE TABLE "user"."table" ("select" int PRIMARY KEY, "from" text DEFAULT 'x'); CREATE INDEX "index" ON "user"."table" ("from");
