INSERT INTO flags VALUES ('t');
