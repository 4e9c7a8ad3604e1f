INSERT INTO item (id) VALUES (1);
INSERT INTO plain_item (id) VALUES (2);
INSERT INTO event (id) VALUES (1);
INSERT INTO numbered (id) VALUES (2);
INSERT INTO middle (id) VALUES (1);
INSERT INTO bottom (id) VALUES (2);
