INSERT INTO plain_item VALUES (2, 3);
INSERT INTO numbered (id) VALUES (2);
INSERT INTO bottom (id) VALUES (2);
