CREATE SCHEMA "s.x";
CREATE TYPE k AS RANGE (SUBTYPE = int, MULTIRANGE_TYPE_NAME = "s.x"."My.Multi");
CREATE TYPE q AS RANGE (SUBTYPE = int, MULTIRANGE_TYPE_NAME = "My""Mu.lti");
CREATE TABLE t (id int PRIMARY KEY, x k, y "s.x"."My.Multi", z "My""Mu.lti"[]);
