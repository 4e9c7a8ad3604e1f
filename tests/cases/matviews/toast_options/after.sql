CREATE TABLE t (a int, b text);
CREATE MATERIALIZED VIEW changed WITH (toast.vacuum_truncate = off, toast.autovacuum_enabled = on) AS SELECT a, b FROM t;
CREATE MATERIALIZED VIEW reset AS SELECT a, b FROM t;
CREATE MATERIALIZED VIEW redefined WITH (toast.autovacuum_enabled = off) AS SELECT a, b FROM t WHERE a > 0;
CREATE MATERIALIZED VIEW more WITH (toast.vacuum_truncate = off) AS SELECT a, b FROM t;
