SELECT a.oid, a.amname, a.amtype::text, a.amhandler::text
FROM pg_catalog.pg_am AS a
WHERE a.oid >= 16384
