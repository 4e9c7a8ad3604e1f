INSERT INTO a (id, code) VALUES (1, 'x'); INSERT INTO b (a_id, a_code) VALUES (1, 'x');
