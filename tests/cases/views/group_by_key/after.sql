CREATE TABLE t(id int, a text, b text, constraint pk2 primary key (id));
CREATE VIEW v AS SELECT id, a, count(*) FROM t GROUP BY id;
