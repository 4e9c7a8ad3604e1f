"""A generated schema: N tables with columns, keys, indexes, a trigger and a policy each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

_HEAD = """
CREATE SCHEMA app;
CREATE TYPE app.state AS ENUM ('new', 'done');
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS
$$ begin new.changed_at := now(); return new; end $$;
"""
_TABLE = """
CREATE TABLE app.t{n} (
    id bigint GENERATED ALWAYS AS IDENTITY,
    parent_id bigint,
    code varchar(40) NOT NULL,
    title text NOT NULL DEFAULT '',
    amount numeric(12, 2) DEFAULT 0,
    state app.state NOT NULL DEFAULT 'new',
    tags text[],
    data jsonb NOT NULL DEFAULT '{{}}',
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz,
    CONSTRAINT t{n}_pkey PRIMARY KEY (id),
    CONSTRAINT t{n}_code_key UNIQUE (code),
    CONSTRAINT t{n}_amount_check CHECK (amount >= 0)
);
COMMENT ON TABLE app.t{n} IS 'Table {n}';
CREATE INDEX t{n}_state_idx ON app.t{n} (state, created_at) WHERE state = 'new';
CREATE INDEX t{n}_title_idx ON app.t{n} (lower(title));
CREATE TRIGGER touch BEFORE UPDATE ON app.t{n} FOR EACH ROW EXECUTE FUNCTION app.touch();
ALTER TABLE app.t{n} ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.t{n} USING (code = current_setting('app.user', TRUE));
"""
_KEY = """
ALTER TABLE app.t{n} ADD CONSTRAINT t{n}_parent_id_fkey
    FOREIGN KEY (parent_id) REFERENCES app.t{parent} (id);
"""
TABLES_A_TRANSACTION = 100


def statements(tables: int) -> Iterator[str]:
    """The schema in pieces that fit into one transaction each."""
    yield _HEAD
    for first in range(0, tables, TABLES_A_TRANSACTION):
        piece = []
        for number in range(first, min(first + TABLES_A_TRANSACTION, tables)):
            piece.append(_TABLE.format(n=number))
            if number:
                piece.append(_KEY.format(n=number, parent=number - 1))
        yield "".join(piece)


def load(connection: psycopg.Connection, tables: int) -> None:
    """Make the schema in an empty database."""
    for text in statements(tables):
        connection.execute(text.encode())
    connection.execute("VACUUM ANALYZE")


# Ten changes of ten kinds, for the time of a plan that has something to do.
TEN_CHANGES = """
ALTER TABLE app.t1 ADD COLUMN extra text;
ALTER TABLE app.t2 ALTER COLUMN title SET DEFAULT 'x';
ALTER TABLE app.t3 ALTER COLUMN amount TYPE numeric(14, 2);
DROP INDEX app.t4_title_idx;
CREATE INDEX t5_tags_idx ON app.t5 USING gin (tags);
ALTER TABLE app.t6 DROP CONSTRAINT t6_amount_check;
COMMENT ON COLUMN app.t7.data IS 'anything';
GRANT SELECT ON app.t8 TO PUBLIC;
ALTER POLICY own ON app.t9 USING (TRUE);
CREATE TABLE app.another (id int PRIMARY KEY);
"""
