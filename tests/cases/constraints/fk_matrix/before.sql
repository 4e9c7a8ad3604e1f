CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE c (a int, b int, CONSTRAINT f1 FOREIGN KEY (a, b) REFERENCES p);
