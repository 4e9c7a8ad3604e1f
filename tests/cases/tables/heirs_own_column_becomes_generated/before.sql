CREATE TABLE n (k int, a int, e int);
CREATE TABLE n1 () INHERITS (n);
CREATE TABLE n11 (e int, a int) INHERITS (n1);
CREATE TABLE m (a int, e int);
CREATE TABLE m1 (e int) INHERITS (m);
COMMENT ON COLUMN m1.e IS 'own';
