-- since 18
CREATE TABLE a (r int4range, s daterange);
