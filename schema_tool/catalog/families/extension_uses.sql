-- What goes with an extension without being a part of it: DEPENDS ON EXTENSION.
SELECT d.classid::bigint, d.objid::bigint, n.type, n.identity, e.extname
FROM pg_catalog.pg_depend AS d
INNER JOIN pg_catalog.pg_extension AS e ON d.refobjid = e.oid
CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, 0) AS n
WHERE d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'x'
