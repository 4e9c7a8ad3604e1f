SELECT
    w.oid, w.fdwname, w.fdwowner, w.fdwacl::text[],
    nullif(w.fdwhandler, 0)::regproc::text, nullif(w.fdwvalidator, 0)::regproc::text, w.fdwoptions
FROM pg_catalog.pg_foreign_data_wrapper AS w
