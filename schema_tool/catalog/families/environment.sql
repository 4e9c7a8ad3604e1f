-- What every later query needs: who the roles are, which extension owns what.
SELECT
    current_setting('server_version_num')::integer,
    current_user::text,
    (SELECT r.rolsuper FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user),
    ARRAY(SELECT r.oid::text || ' ' || r.rolname FROM pg_catalog.pg_roles AS r),
    ARRAY(
        SELECT d.classid::bigint || ' ' || d.objid
        FROM pg_catalog.pg_depend AS d
        WHERE d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e'
    ),
    ARRAY(
        SELECT a.attrelid::regclass::text
        FROM pg_catalog.pg_attribute AS a
        INNER JOIN pg_catalog.pg_class AS c ON a.attrelid = c.oid
        WHERE
            a.attname = 'oid' AND a.attnum > 0
            AND c.relkind = 'r' AND c.relnamespace = 'pg_catalog'::regnamespace
            -- of the user mappings, others than superusers may read the view only
            AND has_column_privilege(c.oid, a.attnum, 'SELECT')
        ORDER BY 1
    )
