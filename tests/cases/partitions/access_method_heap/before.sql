-- since 17
CREATE TABLE p (a integer) PARTITION BY LIST (a) USING heap;
CREATE TABLE q (a integer) PARTITION BY LIST (a);
