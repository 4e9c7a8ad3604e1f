CREATE TABLE t (a int, b int NOT NULL, c int GENERATED ALWAYS AS (a * 2) STORED, CONSTRAINT bc CHECK (b > 0));
CREATE TABLE p (id int PRIMARY KEY, a int, c int GENERATED ALWAYS AS (a * 2) STORED CHECK (c > 0), kept int);
CREATE INDEX p_kept ON p (kept);
