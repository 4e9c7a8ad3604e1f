INSERT INTO pages VALUES (1, '{3}');
