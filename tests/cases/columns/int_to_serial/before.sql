CREATE TABLE t (id int PRIMARY KEY, n smallint);
CREATE TABLE big (id bigint NOT NULL);
