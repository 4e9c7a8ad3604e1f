CREATE TABLE a (n int);
CREATE VIEW v AS SELECT n, 'x'::text AS t FROM a;
