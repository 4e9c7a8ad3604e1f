-- since 18
CREATE TABLE t (a int CONSTRAINT nn NOT NULL);
CREATE TABLE u (a int CONSTRAINT u_first_not_null NOT NULL, b int PRIMARY KEY);
