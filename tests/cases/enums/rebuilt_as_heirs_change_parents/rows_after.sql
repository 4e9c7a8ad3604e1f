INSERT INTO ta VALUES (1, 'a');
INSERT INTO h VALUES ('a'), ('c');
