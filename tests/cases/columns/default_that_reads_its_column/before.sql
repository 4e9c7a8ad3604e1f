-- A column whose default calls what reads the column: alone, and of a partitioned table.
CREATE TABLE orders (number INTEGER, note TEXT);
CREATE FUNCTION next_number() RETURNS INTEGER LANGUAGE sql STABLE
BEGIN ATOMIC SELECT count(number)::INTEGER FROM orders; END;
ALTER TABLE orders ALTER number SET DEFAULT next_number();
CREATE TABLE parts (number INTEGER, note TEXT) PARTITION BY LIST (note);
CREATE TABLE parts_a PARTITION OF parts FOR VALUES IN ('a');
CREATE FUNCTION next_part() RETURNS INTEGER LANGUAGE sql STABLE
BEGIN ATOMIC SELECT count(x.note)::INTEGER FROM parts AS x JOIN parts AS y ON y.number > 0; END;
ALTER TABLE parts ALTER number SET DEFAULT next_part();
