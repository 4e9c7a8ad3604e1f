CREATE TABLE a (c1 int, c2 text, c3 boolean, c4 text, c5 date, c6 int, c7 timestamp, c8 inet, c9 text[], c10 json, c11 int, c12 bytea);
