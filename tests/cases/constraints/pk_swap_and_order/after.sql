CREATE TABLE t (a int, b int, c int PRIMARY KEY, UNIQUE (b, a));
CREATE TABLE f (a int, b int, c int REFERENCES t, FOREIGN KEY (b, a) REFERENCES t (b, a));
