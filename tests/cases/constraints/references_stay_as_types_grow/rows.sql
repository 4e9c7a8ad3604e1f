INSERT INTO shop VALUES (1, 'a', 'n');
INSERT INTO sale VALUES (1, 'a', 2);
INSERT INTO unproved VALUES ('a');
INSERT INTO part VALUES ('a');
INSERT INTO of_part VALUES ('a');
INSERT INTO node VALUES ('a', 'a');
INSERT INTO noted VALUES (1, 'a', 'n');
