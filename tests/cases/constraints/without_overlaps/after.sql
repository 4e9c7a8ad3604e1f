-- since 18
CREATE TABLE a (r int4range, s daterange, CONSTRAINT k PRIMARY KEY (r, s WITHOUT OVERLAPS));
