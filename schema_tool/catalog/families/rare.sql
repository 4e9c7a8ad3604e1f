-- Families of which most databases have nothing: whether there is a row that initdb did not make.
-- Parsing and planning their queries costs more than that. User mappings belong to a server.
SELECT f.family
FROM (
    VALUES
    ('access_methods', EXISTS (SELECT FROM pg_catalog.pg_am AS x WHERE x.oid >= 16384)),
    ('aggregates', EXISTS (SELECT FROM pg_catalog.pg_aggregate AS x WHERE x.aggfnoid::oid >= 16384)),
    ('casts', EXISTS (SELECT FROM pg_catalog.pg_cast AS x WHERE x.oid >= 16384)),
    ('collations', EXISTS (SELECT FROM pg_catalog.pg_collation AS x WHERE x.oid >= 16384)),
    ('conversions', EXISTS (SELECT FROM pg_catalog.pg_conversion AS x WHERE x.oid >= 16384)),
    ('default_privileges', EXISTS (SELECT FROM pg_catalog.pg_default_acl)),
    ('event_triggers', EXISTS (SELECT FROM pg_catalog.pg_event_trigger)),
    ('foreign_data_wrappers', EXISTS (SELECT FROM pg_catalog.pg_foreign_data_wrapper)),
    ('languages', EXISTS (SELECT FROM pg_catalog.pg_language AS x WHERE x.oid >= 16384)),
    ('operator_classes', EXISTS (SELECT FROM pg_catalog.pg_opclass AS x WHERE x.oid >= 16384)),
    ('operator_families', EXISTS (SELECT FROM pg_catalog.pg_opfamily AS x WHERE x.oid >= 16384)),
    ('operators', EXISTS (SELECT FROM pg_catalog.pg_operator AS x WHERE x.oid >= 16384)),
    ('publications', EXISTS (SELECT FROM pg_catalog.pg_publication)),
    ('published_tables', EXISTS (SELECT FROM pg_catalog.pg_publication_rel)),
    ('servers', EXISTS (SELECT FROM pg_catalog.pg_foreign_server)),
    ('statistics', EXISTS (SELECT FROM pg_catalog.pg_statistic_ext)),
    (
        'text_search_configurations',
        EXISTS (SELECT FROM pg_catalog.pg_ts_config AS x WHERE x.oid >= 16384)
    ),
    (
        'text_search_dictionaries',
        EXISTS (SELECT FROM pg_catalog.pg_ts_dict AS x WHERE x.oid >= 16384)
    ),
    ('text_search_parsers', EXISTS (SELECT FROM pg_catalog.pg_ts_parser AS x WHERE x.oid >= 16384)),
    (
        'text_search_templates',
        EXISTS (SELECT FROM pg_catalog.pg_ts_template AS x WHERE x.oid >= 16384)
    ),
    ('transforms', EXISTS (SELECT FROM pg_catalog.pg_transform)),
    ('user_mappings', EXISTS (SELECT FROM pg_catalog.pg_foreign_server))
) AS f (family, is_there)
WHERE NOT f.is_there
