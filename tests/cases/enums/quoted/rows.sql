INSERT INTO "T" VALUES ('it''s');
