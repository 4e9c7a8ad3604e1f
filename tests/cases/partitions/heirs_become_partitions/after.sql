-- An heir leaves its parent before that is made anew, and gets by itself what a partition needs.
CREATE TABLE animal (id bigint, kind text, legs integer DEFAULT 4, CONSTRAINT any_legs CHECK (legs > 0), PRIMARY KEY (id, kind))
PARTITION BY LIST (kind);
CREATE INDEX animal_legs ON animal (legs);
CREATE TABLE cat PARTITION OF animal FOR VALUES IN ('cat');
CREATE TABLE dog PARTITION OF animal FOR VALUES IN ('dog');
