CREATE TABLE a (t text, v varchar(50), n bigint, m numeric(10,2), d timestamptz, e text);
