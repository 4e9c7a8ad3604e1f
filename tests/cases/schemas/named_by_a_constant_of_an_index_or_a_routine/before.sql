CREATE SCHEMA gone;
CREATE TABLE t (a oid);
CREATE INDEX i ON t (a) WHERE a = 'gone'::regnamespace;
CREATE FUNCTION f() RETURNS oid LANGUAGE sql RETURN 'gone'::regnamespace::oid;
CREATE FUNCTION g(n oid DEFAULT 'gone'::regnamespace) RETURNS oid LANGUAGE sql AS 'SELECT n';
