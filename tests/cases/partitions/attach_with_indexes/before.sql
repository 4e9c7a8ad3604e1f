CREATE TABLE m (a int, b text, c date NOT NULL) PARTITION BY RANGE (c);
CREATE TABLE m1 (c date NOT NULL, b text, a int);
CREATE TABLE m2 (junk int, a int, c date NOT NULL, b text);
ALTER TABLE m2 DROP COLUMN junk;
CREATE INDEX m1_b ON m1 (b);
