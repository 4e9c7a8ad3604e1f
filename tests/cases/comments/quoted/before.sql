CREATE SCHEMA "S s"; CREATE TABLE "S s"."T ""t" ("A a" int CONSTRAINT "C c" CHECK ("A a" > 0)); COMMENT ON CONSTRAINT "C c" ON "S s"."T ""t" IS 'one';
