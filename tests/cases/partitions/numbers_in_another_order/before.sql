-- which of two equal ones gets the number depends on which whole was made first
CREATE TABLE t (a int, b int, c int) PARTITION BY RANGE (a);
CREATE INDEX i ON t (b);
CREATE INDEX j ON t (b) WHERE c > 0;

CREATE TABLE one_is_there (a int, b int, c int) PARTITION BY RANGE (a);
CREATE TABLE one_is_there_1 PARTITION OF one_is_there FOR VALUES FROM (0) TO (10);
CREATE INDEX y ON one_is_there (b);
