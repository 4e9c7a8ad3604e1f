-- since 18
CREATE TABLE t (a int NOT NULL, b int CONSTRAINT b_there NOT NULL, c int CONSTRAINT c_there NOT NULL NO INHERIT, d int NOT NULL, e int NOT NULL);
COMMENT ON CONSTRAINT b_there ON t IS 'hello';
