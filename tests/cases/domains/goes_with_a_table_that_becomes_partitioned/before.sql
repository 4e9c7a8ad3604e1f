CREATE DOMAIN d1 AS integer DEFAULT 3; CREATE TABLE t1 (a integer[], e d1 NOT NULL); CREATE TABLE t1_0 (key text, e text DEFAULT '', c real);
