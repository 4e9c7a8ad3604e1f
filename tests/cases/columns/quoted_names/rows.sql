INSERT INTO "Order Items" VALUES (1, 'x', 3, 4, 5);
