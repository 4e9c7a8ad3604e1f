CREATE DOMAIN percentage AS integer CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN money_amount AS numeric(10, 2) DEFAULT 0;
CREATE DOMAIN label AS text;
CREATE DOMAIN short_label AS label CHECK (VALUE <> '');
CREATE TABLE t (
    id int PRIMARY KEY,
    load percentage NOT NULL DEFAULT 100,
    price money_amount,
    code varchar(20),
    loose text,
    plain label,
    tight short_label,
    number text DEFAULT '7'
);
