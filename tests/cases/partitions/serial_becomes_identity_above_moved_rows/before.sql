CREATE TYPE mood AS ENUM ('ok', 'bad');
CREATE TABLE t (id int NOT NULL, n bigserial, m mood) PARTITION BY LIST (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
