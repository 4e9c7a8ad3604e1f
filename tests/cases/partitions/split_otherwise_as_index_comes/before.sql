-- The partition is made anew after its parent's index, whose part shall have the usual name.
CREATE TABLE thing (id integer NOT NULL, sub text NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE thing_low PARTITION OF thing FOR VALUES FROM (0) TO (100) PARTITION BY LIST (sub);
