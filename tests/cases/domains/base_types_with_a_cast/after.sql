CREATE DOMAIN percentage AS numeric(5, 2) CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN money_amount AS bigint DEFAULT 0;
CREATE DOMAIN label AS text;
CREATE DOMAIN short_label AS label CHECK (VALUE <> '');
CREATE TABLE t (
    id int PRIMARY KEY,
    load percentage NOT NULL DEFAULT 100,
    price money_amount,
    code short_label,
    loose label,
    plain text,
    tight varchar(20),
    number percentage DEFAULT 7
);
