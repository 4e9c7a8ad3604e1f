-- The indexes of a table, or of the table that an index belongs to.
(
    WITH target AS (
        SELECT coalesce(
            (
                SELECT i.indrelid FROM pg_catalog.pg_index AS i
                WHERE i.indexrelid = pg_catalog.to_regclass(%(index)s)
            ),
            pg_catalog.to_regclass(%(table)s)
        ) AS relid
    )

    SELECT pg_catalog.jsonb_build_object(
        'own', pg_catalog.to_regclass(%(index)s)::OID::BIGINT,
        'indexes', coalesce(pg_catalog.jsonb_agg(
            pg_catalog.jsonb_build_object(
                'oid', i.indexrelid::BIGINT,
                'name', c.relname,
                'quoted', pg_catalog.format('%%I.%%I', n.nspname, c.relname),
                'valid', i.indisvalid AND i.indisready AND i.indislive,
                'definition', pg_catalog.pg_get_indexdef(i.indexrelid),
                -- whoever builds, reindexes or vacuums holds this lock; pg_locks hides nothing
                'used_by', (
                    SELECT min(l.pid)
                    FROM pg_catalog.pg_locks AS l
                    INNER JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
                    WHERE l.locktype = 'relation' AND l.granted
                        AND l.database = (
                            SELECT d.oid FROM pg_catalog.pg_database AS d
                            WHERE d.datname = pg_catalog.current_database()
                        )
                        AND l.relation = i.indrelid
                        AND l.mode = 'ShareUpdateExclusiveLock'
                        AND l.pid <> pg_catalog.pg_backend_pid()
                        AND a.backend_type = 'client backend'
                )
            )
            ORDER BY i.indexrelid
        ), '[]')
    )
    FROM target AS t
    INNER JOIN pg_catalog.pg_index AS i ON i.indrelid = t.relid
    INNER JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
    INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
)
