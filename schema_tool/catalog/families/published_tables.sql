SELECT
    r.prpubid, r.prrelid, r.prattrs::text, pg_catalog.pg_get_expr(r.prqual, r.prrelid), r.oid
FROM pg_catalog.pg_publication_rel AS r
