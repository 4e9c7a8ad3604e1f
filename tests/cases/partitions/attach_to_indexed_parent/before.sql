CREATE TABLE l (a int PRIMARY KEY, b int) PARTITION BY RANGE (a);
CREATE INDEX l_b ON l (b);
CREATE TABLE l0 (a int PRIMARY KEY, b int);
CREATE TABLE l1 (a int NOT NULL, b int);
CREATE INDEX l1_mine ON l1 (b);
CREATE TABLE l2 (a int, b int CHECK (b > 0));
