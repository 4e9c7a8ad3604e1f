-- schema-tool: rename table b.u to a.t
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id integer PRIMARY KEY, x text);
CREATE TABLE b.t (other date);
