-- schema-tool: rename table a.t to b.u
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE b.u (id integer PRIMARY KEY, x text);
CREATE TABLE b.t (other date);
