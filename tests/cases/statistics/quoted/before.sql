CREATE SCHEMA "S s"; CREATE TABLE "T t" ("A a" int, "select" int); CREATE STATISTICS "S s"."St ""q""" ON "A a", "select" FROM "T t";
