-- An heir leaves its parent before that is made anew, and gets by itself what a partition needs.
CREATE TABLE animal (id integer PRIMARY KEY, kind text, legs smallint, CONSTRAINT few CHECK (legs < 9));
CREATE INDEX animal_legs ON animal (legs);
CREATE TABLE cat (name text, PRIMARY KEY (id)) INHERITS (animal);
CREATE INDEX cat_legs ON cat (legs);
CREATE TABLE dog (CHECK (kind = 'dog'), PRIMARY KEY (id, kind)) INHERITS (animal);
CREATE INDEX dog_legs_idx ON dog (legs);
