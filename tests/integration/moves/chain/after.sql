-- schema-tool: rename table a.t to b.t
-- schema-tool: rename table b.t to c.t
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE SCHEMA c;
CREATE TABLE b.t (id integer, x text);
CREATE TABLE c.t (other date, x text);
