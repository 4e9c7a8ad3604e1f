CREATE TYPE e AS ENUM ('a','b');
CREATE TABLE t (a int, b text, o bool DEFAULT ((CASE WHEN 5 > 0 THEN 'a'::e ELSE 'b'::e END) = 'a'::e));
