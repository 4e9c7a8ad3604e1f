CREATE TABLE a (c1 text, c2 int, c3 text, c4 boolean, c5 timestamptz, c6 boolean, c7 time, c8 text, c9 varchar(5)[], c10 text, c11 real, c12 text);
