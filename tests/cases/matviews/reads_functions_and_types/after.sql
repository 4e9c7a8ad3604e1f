CREATE TYPE mood AS ENUM ('ok', 'happy');
CREATE TABLE t (a int, m mood);
CREATE FUNCTION label(mood mood) RETURNS varchar LANGUAGE sql IMMUTABLE AS 'SELECT upper(mood::text)';
CREATE MATERIALIZED VIEW mv AS SELECT a, m, label(m) AS l FROM t WHERE m <> 'happy';
