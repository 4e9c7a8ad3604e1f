CREATE TYPE e AS ENUM ('a','b');
CREATE DOMAIN di AS int CHECK (VALUE > 0);
CREATE TABLE t (a varchar(20), b text, c int, d text, e timestamptz, f char(3), g numeric, h varchar(20), i text, j e, k int, l int, m boolean, n jsonb, o uuid, p date);
