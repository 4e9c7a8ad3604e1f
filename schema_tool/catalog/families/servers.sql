SELECT s.oid, s.srvname, s.srvowner, s.srvacl::text[], w.fdwname, s.srvtype, s.srvversion, s.srvoptions
FROM pg_catalog.pg_foreign_server AS s
INNER JOIN pg_catalog.pg_foreign_data_wrapper AS w ON s.srvfdw = w.oid
