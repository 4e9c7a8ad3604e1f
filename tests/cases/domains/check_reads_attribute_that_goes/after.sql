CREATE TYPE span AS (first int, label text);
CREATE DOMAIN closed AS span CHECK ((VALUE).first > 0);
CREATE DOMAIN listed AS span CHECK ((VALUE).first > 1);
CREATE TABLE stay (id int, during closed, all_of listed[]);
