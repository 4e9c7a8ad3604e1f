INSERT INTO "T" VALUES ('[5,7)', '{[1,2)}');
