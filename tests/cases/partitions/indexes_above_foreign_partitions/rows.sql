INSERT INTO p VALUES (11, 'eleven'), (21, 'twenty-one');
