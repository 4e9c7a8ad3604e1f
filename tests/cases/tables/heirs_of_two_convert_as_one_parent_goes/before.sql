-- Columns of two parents are converted with those of the one that stays.
CREATE TABLE first (k integer, v integer);
CREATE TABLE second (k integer, w integer);
CREATE TABLE heir () INHERITS (first, second);
CREATE VIEW heirs AS SELECT k FROM heir;

CREATE TABLE a (k integer, v integer);
CREATE TABLE b (k integer, w integer);
CREATE TABLE c (k integer, w integer);
CREATE TABLE below () INHERITS (a, b, c);
CREATE TABLE bottom () INHERITS (below, a);
