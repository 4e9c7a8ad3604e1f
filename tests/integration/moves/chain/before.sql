-- schema-tool: rename table c.t to b.t
-- schema-tool: rename table b.t to a.t
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE SCHEMA c;
CREATE TABLE a.t (id integer, x text);
CREATE TABLE b.t (other date, x text);
