CREATE TABLE t (
    id smallint PRIMARY KEY,
    price numeric(10, 2),
    whole numeric(9, 0),
    code char(3),
    bits bit(3),
    net cidr,
    at timestamp(3),
    took interval(0),
    rates numeric(4, 2)[],
    pauses interval(3)[]
);
CREATE UNIQUE INDEX t_price ON t (price);
CREATE INDEX t_at ON t (at);
CREATE VIEW v AS SELECT price, code FROM t;
