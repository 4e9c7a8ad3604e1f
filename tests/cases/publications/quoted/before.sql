CREATE SCHEMA "S s"; CREATE TABLE "S s"."T t" ("Id d" int PRIMARY KEY, "select" text);
CREATE PUBLICATION "P p" FOR TABLE "S s"."T t" ("Id d");
