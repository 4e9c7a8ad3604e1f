CREATE TABLE a (t varchar(10), v varchar(20), n int, m numeric(8,1), d date, e uuid);
