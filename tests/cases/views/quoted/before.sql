CREATE SCHEMA "My Schema";
CREATE TABLE "My Schema"."T able"("Id" int, "select" text);
CREATE VIEW "My Schema"."V iew" AS SELECT "Id", "select" FROM "My Schema"."T able";
GRANT SELECT ON "My Schema"."V iew" TO "odd ""role";
GRANT SELECT ("select") ON "My Schema"."T able" TO "Admin";
