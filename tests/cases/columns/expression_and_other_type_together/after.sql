CREATE TABLE t (a int, b bigint NOT NULL, c int GENERATED ALWAYS AS (a * 3) STORED, CONSTRAINT bc CHECK (b > 0));
CREATE TABLE p (id bigint PRIMARY KEY, a int, c int GENERATED ALWAYS AS (a * 3) STORED CHECK (c > 0), kept text);
CREATE INDEX p_kept ON p (kept);
