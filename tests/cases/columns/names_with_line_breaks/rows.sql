INSERT INTO "new
line" VALUES (1);
