CREATE SEQUENCE s1; CREATE SEQUENCE s2 AS int;
CREATE TABLE t (a int DEFAULT nextval('s1'), b int DEFAULT nextval('s2'), c text DEFAULT currval('s1')::text);
