INSERT INTO flags VALUES ('t', '{f}');
