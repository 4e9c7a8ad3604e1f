SELECT
    p.oid, p.pubname, p.pubowner, p.puballtables,
    ARRAY[
        'publish = ' || quote_literal(array_to_string(ARRAY[
            CASE WHEN p.pubinsert THEN 'insert' END,
            CASE WHEN p.pubupdate THEN 'update' END,
            CASE WHEN p.pubdelete THEN 'delete' END,
            CASE WHEN p.pubtruncate THEN 'truncate' END
        ], ', ')),
        'publish_via_partition_root = ' || p.pubviaroot::text,
        CASE p.pubgencols WHEN 's' THEN 'publish_generated_columns = stored' END -- since 18
        NULL -- before 18
    ],
    ARRAY(
        SELECT n.nspname::text
        FROM pg_catalog.pg_publication_namespace AS pn
        INNER JOIN pg_catalog.pg_namespace AS n ON pn.pnnspid = n.oid
        WHERE pn.pnpubid = p.oid
        ORDER BY 1
    )
FROM pg_catalog.pg_publication AS p
