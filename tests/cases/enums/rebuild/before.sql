CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE a (x e NOT NULL DEFAULT 'a', y e[], CHECK (x <> 'c'));
CREATE INDEX i ON a (x) WHERE x = 'b';
CREATE VIEW v AS SELECT x FROM a WHERE x = 'a';
CREATE FUNCTION f(x e) RETURNS e LANGUAGE sql AS 'SELECT x';
GRANT USAGE ON TYPE e TO app_reader;
CREATE POLICY p ON a USING (x = 'a');
