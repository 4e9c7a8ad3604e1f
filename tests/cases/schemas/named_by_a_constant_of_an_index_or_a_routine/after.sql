CREATE SCHEMA comes;
CREATE TABLE t (a oid);
CREATE INDEX i ON t (a) WHERE a = 'comes'::regnamespace;
CREATE FUNCTION f() RETURNS oid LANGUAGE sql RETURN 'comes'::regnamespace::oid;
CREATE FUNCTION g(n oid DEFAULT 'comes'::regnamespace) RETURNS oid LANGUAGE sql AS 'SELECT n';
