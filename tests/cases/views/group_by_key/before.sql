CREATE TABLE t(id int primary key, a text, b text);
CREATE VIEW v AS SELECT id, a, count(*) FROM t GROUP BY id;
