-- Whether a partition is attached, and whether its detaching was begun and not finished.
(
    SELECT pg_catalog.jsonb_build_object(
        'exists', pg_catalog.to_regclass(%(partition)s) IS NOT NULL,
        'attached', count(*) > 0,
        'pending', coalesce(bool_or(h.inhdetachpending), false)
    )
    FROM pg_catalog.pg_inherits AS h
    WHERE h.inhparent = pg_catalog.to_regclass(%(table)s)
        AND h.inhrelid = pg_catalog.to_regclass(%(partition)s)
)
