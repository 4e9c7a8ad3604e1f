CREATE TABLE t(a int);
CREATE TABLE zlast(q int);
CREATE FUNCTION a_fn() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM public.zview); END';
CREATE VIEW zview AS SELECT q FROM zlast;
CREATE MATERIALIZED VIEW amv AS SELECT a_fn() AS n;
CREATE TABLE gen(id int DEFAULT a_fn(), x text);
CREATE INDEX ON gen(x);
