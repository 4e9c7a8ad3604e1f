-- indexes of the parent go as a partition leaves it
CREATE TABLE p (id int NOT NULL, g text) PARTITION BY RANGE (id);
CREATE INDEX p_g ON p (g);
CREATE TABLE q (id int NOT NULL, g text);
CREATE INDEX q_g ON q (g);
COMMENT ON INDEX q_g IS 'kept';
ALTER TABLE p ATTACH PARTITION q FOR VALUES FROM (0) TO (10);

-- so do those of its parent
CREATE TABLE a (id int NOT NULL, g text) PARTITION BY RANGE (id);
CREATE INDEX a_g ON a (g);
CREATE TABLE b PARTITION OF a FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (id);
CREATE TABLE c PARTITION OF b FOR VALUES FROM (0) TO (10);
CREATE TABLE c2 PARTITION OF b FOR VALUES FROM (10) TO (20);

-- and the parent itself
CREATE TABLE gone (id int NOT NULL, g text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE INDEX gone_g ON gone (g);
CREATE TABLE left_alone PARTITION OF gone FOR VALUES FROM (0) TO (10);

-- it goes on to another
CREATE TABLE r (id int NOT NULL, g text) PARTITION BY RANGE (id);
CREATE INDEX r_g ON r (g);
CREATE TABLE s (id int NOT NULL, g text) PARTITION BY RANGE (id);
CREATE INDEX s_g ON s (g);
CREATE TABLE moves PARTITION OF s FOR VALUES FROM (0) TO (10);
