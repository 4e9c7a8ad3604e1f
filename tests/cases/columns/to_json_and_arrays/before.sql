CREATE TABLE a (i int, d date, u uuid, arr int[], t text[], b boolean, n numeric, ts timestamptz, x int, y text, c int[]);
