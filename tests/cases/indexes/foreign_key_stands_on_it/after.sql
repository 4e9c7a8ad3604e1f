CREATE TABLE p (a int, b int);
CREATE UNIQUE INDEX p_a ON p (a, b);
CREATE TABLE c (a int, b int, FOREIGN KEY (a, b) REFERENCES p (a, b));
