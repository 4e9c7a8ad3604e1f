-- Whether a database, tablespace or subscription is there; a half-dropped database is not.
(
    SELECT pg_catalog.jsonb_build_object('exists', CASE %(kind)s
        WHEN 'database' THEN EXISTS (
            SELECT 1 FROM pg_catalog.pg_database AS d
            WHERE d.datname = %(name)s AND d.datconnlimit <> -2
        )
        WHEN 'tablespace' THEN EXISTS (
            SELECT 1 FROM pg_catalog.pg_tablespace AS t WHERE t.spcname = %(name)s
        )
        ELSE EXISTS (
            -- the owner and everybody else may read these columns
            SELECT s.subname FROM pg_catalog.pg_subscription AS s
            INNER JOIN pg_catalog.pg_database AS d ON d.oid = s.subdbid
            WHERE s.subname = %(name)s AND d.datname = pg_catalog.current_database()
        )
    END)
)
