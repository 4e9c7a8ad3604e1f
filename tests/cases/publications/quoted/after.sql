CREATE SCHEMA "S s"; CREATE TABLE "S s"."T t" ("Id d" int PRIMARY KEY, "select" text);
CREATE PUBLICATION "P p" FOR TABLE "S s"."T t" ("Id d", "select") WHERE ("Id d" > 1 AND "Id d" <> 3);
CREATE PUBLICATION "P ""q""" FOR TABLE "S s"."T t"; COMMENT ON PUBLICATION "P ""q""" IS 'q';
