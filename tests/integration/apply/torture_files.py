"""The files that the torture applies and rolls back, and the picture of what they make.

Every kind whose outcome the catalog shows; files that are sent together; one that is sent in parts.
"""

from __future__ import annotations

from collections.abc import Mapping

SETUP = """
CREATE TABLE big (id INT PRIMARY KEY, a INT NOT NULL, b TEXT);
CREATE FUNCTION slow(INT) RETURNS INT LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    PERFORM pg_sleep(CASE WHEN $1 % 50 = 0 THEN 0.001 ELSE 0 END);
    RETURN $1;
END
$$;
-- what is sent together is done in no time: this gives a kill its chance
CREATE FUNCTION pause() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_sleep(0.02);
END
$$;
CREATE EVENT TRIGGER pause ON ddl_command_end WHEN TAG IN ('COMMENT') EXECUTE FUNCTION pause();
INSERT INTO big SELECT n, n % 97, 'row ' || n FROM generate_series(1, 4000) AS n;
CREATE INDEX big_old ON big (b);
CREATE TABLE parts (id INT) PARTITION BY RANGE (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
CREATE TYPE mood AS ENUM ('good');
CREATE TABLE ran (file INT, statement INT);
ALTER TABLE big ADD CONSTRAINT big_a_check CHECK (a >= 0) NOT VALID;
"""
ALONE = "-- transactional: false\n"
LIGHT = """
CREATE TABLE light_{0} (id INT);
COMMENT ON TABLE light_{0} IS 'one';
COMMENT ON TABLE light_{0} IS 'two';
"""
MANY = 1200
"""More statements than are sent at once."""

# every statement that may run in a transaction leaves a row in `ran`: one, or it ran twice
FILES: Mapping[str, str] = {
    "0001_transactional": """
INSERT INTO ran VALUES (1, 1);
CREATE TABLE one (id INT PRIMARY KEY);
ALTER TABLE big ADD COLUMN c INT DEFAULT 7;
UPDATE big SET c = 8 WHERE id <= 500;
SELECT pg_sleep(0.1);
""",
    "0002_build": ALONE
    + """
INSERT INTO ran VALUES (2, 1);
CREATE INDEX CONCURRENTLY big_a ON big (slow(a));
CREATE UNIQUE INDEX CONCURRENTLY ON big (b, id) WHERE a > 3;
INSERT INTO ran VALUES (2, 4);
""",
    "0003_rebuild": ALONE
    + """
INSERT INTO ran VALUES (3, 1);
REINDEX INDEX CONCURRENTLY big_pkey;
DROP INDEX CONCURRENTLY big_old;
REINDEX TABLE CONCURRENTLY big;
INSERT INTO ran VALUES (3, 5);
""",
    "0004_partition": ALONE
    + """
ALTER TABLE parts DETACH PARTITION parts_1 CONCURRENTLY;
INSERT INTO ran VALUES (4, 2);
CREATE TABLE parts_2 (id INT);
ALTER TABLE parts ATTACH PARTITION parts_2 FOR VALUES FROM (10) TO (20);
ALTER TABLE big VALIDATE CONSTRAINT big_a_check;
ALTER TYPE mood ADD VALUE 'bad';
SELECT pg_sleep(0.05);
VACUUM big;
INSERT INTO ran VALUES (4, 8);
""",
    "0005_last": """
INSERT INTO ran VALUES (5, 1);
CREATE FUNCTION answer() RETURNS INT LANGUAGE sql AS 'SELECT 42';
SELECT pg_sleep(0.1);
CREATE TABLE two (id INT REFERENCES one (id));
""",
    **{f"000{number}_light": LIGHT.format(number) for number in (6, 7, 8)},
    "0009_many": "INSERT INTO ran VALUES (9, 1);\n"
    + "".join(f"UPDATE big SET a = a + 1 WHERE id = {number};\n" for number in range(MANY)),
}
# backwards, in the order in which they run
ROLLBACKS: Mapping[str, str] = {
    "0009_many": "INSERT INTO ran VALUES (-9, 1);\n"
    + "".join(f"UPDATE big SET a = a - 1 WHERE id = {number};\n" for number in range(MANY)),
    **{f"000{number}_light": f"DROP TABLE light_{number};\n" for number in (8, 7, 6)},
    "0005_last": """
INSERT INTO ran VALUES (-5, 1);
DROP TABLE two;
DROP FUNCTION answer();
SELECT pg_sleep(0.1);
""",
    "0004_partition": """
INSERT INTO ran VALUES (-4, 1);
ALTER TABLE parts DETACH PARTITION parts_2 CONCURRENTLY;
DROP TABLE parts_2;
ALTER TABLE parts ATTACH PARTITION parts_1 FOR VALUES FROM (0) TO (10);
VACUUM big;
INSERT INTO ran VALUES (-4, 6);
""",
    "0003_rebuild": """
INSERT INTO ran VALUES (-3, 1);
CREATE INDEX CONCURRENTLY big_old ON big (slow(a), b);
REINDEX INDEX CONCURRENTLY big_old;
INSERT INTO ran VALUES (-3, 4);
""",
    "0002_build": """
DROP INDEX CONCURRENTLY big_a;
INSERT INTO ran VALUES (-2, 2);
DROP INDEX CONCURRENTLY big_b_id_idx;
INSERT INTO ran VALUES (-2, 4);
""",
    "0001_transactional": """
INSERT INTO ran VALUES (-1, 1);
DROP TABLE one;
SELECT pg_sleep(0.1);
UPDATE big SET a = a + c - 7 WHERE id <= 500;
ALTER TABLE big DROP COLUMN c;
""",
}
PICTURE = """
SELECT 'index ' || pg_get_indexdef(indexrelid) || ' ' || indisvalid FROM pg_index
WHERE indrelid::regclass::text IN ('big', 'one', 'two', 'ran', 'parts', 'parts_1', 'parts_2')
UNION ALL SELECT 'constraint ' || conrelid::regclass || conname || convalidated
    || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'column ' || attrelid::regclass || attname || format_type(atttypid, atttypmod)
FROM pg_attribute INNER JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0
UNION ALL SELECT 'partition ' || inhparent::regclass || inhrelid::regclass || inhdetachpending
FROM pg_inherits INNER JOIN pg_class ON pg_class.oid = inhrelid WHERE relkind = 'r'
UNION ALL SELECT 'label ' || enumlabel FROM pg_enum
UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'ran ' || file || ' ' || statement FROM ran
UNION ALL SELECT 'sum ' || sum((to_jsonb(big)->>'c')::INT) || ' ' || sum(a) FROM big
UNION ALL SELECT 'ledger ' || id || ' ' || state FROM schema_tool.migration
UNION ALL SELECT 'step ' || migration_id || ' ' || number || ' ' || state
FROM schema_tool.statement
ORDER BY 1
"""
