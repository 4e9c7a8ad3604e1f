CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (a int, m mood);
CREATE FUNCTION label(m mood) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT m::text';
CREATE MATERIALIZED VIEW mv AS SELECT a, m, label(m) AS l FROM t WHERE m <> 'sad';
