CREATE SCHEMA "My Schema";
CREATE TABLE "My Schema"."T able"("Id" bigint, "select" text);
CREATE VIEW "My Schema"."V iew" AS SELECT "Id", "select" AS "Name" FROM "My Schema"."T able";
GRANT SELECT, INSERT ON "My Schema"."V iew" TO "odd ""role";
GRANT SELECT ("Id") ON "My Schema"."T able" TO "Admin";
ALTER VIEW "My Schema"."V iew" OWNER TO "odd ""role";
