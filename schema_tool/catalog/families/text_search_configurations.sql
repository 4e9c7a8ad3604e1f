SELECT
    c.oid, c.cfgnamespace, c.cfgname, c.cfgowner,
    quote_ident(n.nspname) || '.' || quote_ident(p.prsname),
    (
        SELECT jsonb_agg(jsonb_build_array(m.alias, m.dictionaries) ORDER BY m.alias)
        FROM (
            SELECT k.alias, array_agg(x.mapdict::regdictionary::text ORDER BY x.mapseqno) AS dictionaries
            FROM pg_catalog.pg_ts_config_map AS x
            INNER JOIN pg_catalog.ts_token_type(c.cfgparser) AS k ON x.maptokentype = k.tokid
            WHERE x.mapcfg = c.oid
            GROUP BY k.alias
        ) AS m
    )
FROM pg_catalog.pg_ts_config AS c
INNER JOIN pg_catalog.pg_ts_parser AS p ON c.cfgparser = p.oid
INNER JOIN pg_catalog.pg_namespace AS n ON p.prsnamespace = n.oid
WHERE c.cfgnamespace = ANY(%(namespaces)s::oid[])
