CREATE TABLE "Order Items" ("Id" int PRIMARY KEY, "select" text DEFAULT 'it''s', "ünï" int, "a.b" int, "q""uote" int, "x$y" int);
CREATE INDEX "My Index" ON "Order Items" ("a.b" DESC NULLS LAST, lower("select"));
CREATE VIEW "V w" AS SELECT "ünï", "q""uote" FROM "Order Items";
