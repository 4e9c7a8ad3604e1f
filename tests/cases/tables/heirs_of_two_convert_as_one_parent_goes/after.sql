CREATE TABLE second (k bigint, w text);
CREATE TABLE heir (v integer) INHERITS (second);
CREATE VIEW heirs AS SELECT k FROM heir;

CREATE TABLE b (k bigint, w text);
CREATE TABLE c (k bigint, w text);
CREATE TABLE below (v integer) INHERITS (b, c);
CREATE TABLE bottom () INHERITS (below);
