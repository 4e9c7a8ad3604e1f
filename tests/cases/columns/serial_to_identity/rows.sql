INSERT INTO a (t) VALUES ('x');
