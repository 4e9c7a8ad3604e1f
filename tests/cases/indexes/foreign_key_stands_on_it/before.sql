CREATE TABLE p (a int, b int);
CREATE UNIQUE INDEX p_a ON p (a);
CREATE TABLE c (a int REFERENCES p (a), b int);
