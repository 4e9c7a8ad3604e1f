CREATE TABLE a (n int, t text);
CREATE VIEW v AS SELECT n, t FROM a;
