-- What a runner's session waits for and whom it keeps waiting, seen from another session.
SELECT
    (
        SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
            'pid', a.pid,
            'who', coalesce(a.usename::TEXT, a.backend_type),
            'application', a.application_name,
            'state', a.state,
            'seconds', extract(EPOCH FROM clock_timestamp() - a.xact_start),
            'query', pg_catalog.left(a.query, 300)
        )), '[]')
        FROM pg_catalog.pg_stat_activity AS a
        WHERE a.pid = ANY(pg_catalog.pg_blocking_pids(%(pid)s))
    ) AS blockers,
    (
        SELECT count(*)
        FROM pg_catalog.pg_stat_activity AS a
        WHERE a.wait_event_type = 'Lock' AND a.pid <> %(pid)s
            AND %(pid)s = ANY(pg_catalog.pg_blocking_pids(a.pid))
    ) AS waiting,
    -- held, or waited for: others queue behind it in either case; a relation that the runner has
    -- just made is not visible here: nobody can wait for it
    (
        SELECT coalesce(pg_catalog.array_agg(DISTINCT c.relname::TEXT), '{}')
        FROM pg_catalog.pg_locks AS l
        INNER JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
        WHERE l.pid = %(pid)s AND l.locktype = 'relation'
            AND l.mode IN (
                'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'
            )
    ) AS held,
    (
        SELECT pg_catalog.format(
            '%%s, %%s %%%%', p.phase,
            CASE
                WHEN p.tuples_total > 0 AND p.phase LIKE '%%loading tuples%%'
                    THEN 100 * p.tuples_done / p.tuples_total
                WHEN p.lockers_total > 0 AND p.phase LIKE 'waiting%%'
                    THEN 100 * p.lockers_done / p.lockers_total
                WHEN p.blocks_total > 0 THEN 100 * p.blocks_done / p.blocks_total
                ELSE 0
            END
        )
        FROM pg_catalog.pg_stat_progress_create_index AS p
        WHERE p.pid = %(pid)s
    ) AS progress,
    (
        SELECT pg_catalog.left(a.query, 200)
        FROM pg_catalog.pg_stat_activity AS a
        WHERE a.pid = %(pid)s
    ) AS statement;
