CREATE TABLE t (
    id numeric(7, 2) PRIMARY KEY,
    price numeric(12, 4),
    whole int,
    code varchar(3),
    bits bit varying(5),
    net inet,
    at timestamp,
    took interval(6),
    rates numeric(6, 4)[],
    pauses interval(6)[]
);
CREATE UNIQUE INDEX t_price ON t (price);
CREATE INDEX t_at ON t (at);
CREATE VIEW v AS SELECT price, code FROM t;
