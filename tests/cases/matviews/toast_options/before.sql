CREATE TABLE t (a int, b text);
CREATE MATERIALIZED VIEW changed WITH (toast.autovacuum_enabled = off, fillfactor = 70) AS SELECT a, b FROM t;
CREATE MATERIALIZED VIEW reset WITH (toast.autovacuum_enabled = off) AS SELECT a, b FROM t;
CREATE MATERIALIZED VIEW redefined WITH (toast.autovacuum_enabled = off) AS SELECT a, b FROM t;
