CREATE TYPE k AS (b text, a text);
CREATE DOMAIN dk AS k CHECK ((VALUE).a <> 'b');
CREATE DOMAIN dk2 AS dk;
CREATE DOMAIN ks AS k[];
CREATE DOMAIN dks AS dk[];
CREATE TYPE o AS (i dk2, l dk[], n int);
CREATE TABLE u (x dk, y dk2, z dk[], s ks, w dks, o o);
ALTER TABLE u ADD CONSTRAINT each_its_own CHECK (
    (x).a || (y).a || (z[2]).a || (s[1]).a || (w[1]).a || (o).i.a || ((o).l[1]).a = 'aaaaaaa'
);
