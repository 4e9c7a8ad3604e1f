CREATE TYPE span AS (first int, label text, until date);
CREATE DOMAIN closed AS span CHECK ((VALUE).first > 0 AND (VALUE).until IS NOT NULL);
CREATE DOMAIN listed AS span CHECK ((VALUE).first > 0 AND (VALUE).until IS NOT NULL);
CREATE TABLE stay (id int, during closed, all_of listed[]);
