INSERT INTO a VALUES ('a', '{a,c}');
