INSERT INTO heir (note, own) VALUES ('One', 1);
