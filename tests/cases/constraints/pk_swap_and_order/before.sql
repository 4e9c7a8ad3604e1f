CREATE TABLE t (a int, b int, c int, PRIMARY KEY (a, b), UNIQUE (c));
CREATE TABLE f (a int, b int, c int REFERENCES t (c), FOREIGN KEY (a, b) REFERENCES t);
