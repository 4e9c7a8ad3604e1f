SELECT
    l.oid, l.lanname, l.lanowner, l.lanacl::text[], l.lanpltrusted,
    nullif(l.lanplcallfoid, 0)::regproc::text,
    nullif(l.laninline, 0)::regproc::text,
    nullif(l.lanvalidator, 0)::regproc::text
FROM pg_catalog.pg_language AS l
WHERE l.oid >= 16384
