SELECT
    s.oid, s.subname, s.subowner, s.subenabled, s.subslotname, s.subpublications,
    s.subconninfo, -- if superuser
    '', -- unless superuser
    ARRAY[
        'binary = ' || s.subbinary::text,
        'streaming = ' || CASE s.substream::text
            WHEN 'p' THEN 'parallel' WHEN 't' THEN 'on' WHEN 'true' THEN 'on' ELSE 'off'
        END,
        'synchronous_commit = ' || quote_literal(s.subsynccommit),
        'two_phase = ' || (s.subtwophasestate <> 'd')::text,
        'disable_on_error = ' || s.subdisableonerr::text,
        'origin = ' || s.suborigin, -- since 16
        'password_required = ' || s.subpasswordrequired::text, -- since 16
        'run_as_owner = ' || s.subrunasowner::text, -- since 16
        'failover = ' || s.subfailover::text, -- since 17
        NULL
    ]
FROM pg_catalog.pg_subscription AS s
WHERE s.subdbid = (
    SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database()
)
