CREATE TABLE a (id int, n bigint, more int DEFAULT 5);
CREATE TABLE r (id int, n bigint, more int DEFAULT 5);
CREATE TABLE below () INHERITS (r);
CREATE TYPE around AS (whole below);
CREATE TABLE h (id int PRIMARY KEY, held text, several a[]);
CREATE TABLE n (id int PRIMARY KEY, held around);
CREATE TABLE t (id int PRIMARY KEY, held r);
