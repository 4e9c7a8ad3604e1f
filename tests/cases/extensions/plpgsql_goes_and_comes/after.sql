DROP EXTENSION plpgsql; CREATE TABLE t (a int, b text);
