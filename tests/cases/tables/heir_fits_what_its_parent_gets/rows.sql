INSERT INTO heir (note, size) VALUES ('{}', 7);
