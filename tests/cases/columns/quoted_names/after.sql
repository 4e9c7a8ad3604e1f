CREATE TABLE "Order Items" ("Id" bigint PRIMARY KEY, "select" varchar(10) DEFAULT E'it\\n''s', "ünï" bigint GENERATED ALWAYS AS IDENTITY, "a.b" text, "q""uote" bigint, "from" int NOT NULL DEFAULT 1);
CREATE INDEX "My Index" ON "Order Items" ("a.b" DESC, lower("select"));
CREATE VIEW "V w" AS SELECT "ünï", "q""uote" FROM "Order Items";
COMMENT ON COLUMN "Order Items"."q""uote" IS $$dollar ' quote$$;
