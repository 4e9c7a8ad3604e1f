INSERT INTO b VALUES ('a', 'b', '[1,2)');
