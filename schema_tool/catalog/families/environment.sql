-- What every later query needs: who the roles are, which extension owns what and is another's.
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
    ),
    -- where the reader may not grant: '' what the server made, else of which extension
    ARRAY(
        SELECT '' WHERE NOT pg_catalog.pg_has_role(10::oid, 'USAGE')
        UNION ALL
        SELECT e.extname::text
        FROM pg_catalog.pg_extension AS e
        WHERE
            NOT pg_catalog.pg_has_role(10::oid, 'USAGE')
            AND (
                NOT pg_catalog.pg_has_role(e.extowner, 'USAGE')
                OR EXISTS (
                    SELECT FROM pg_catalog.pg_depend AS d
                    INNER JOIN pg_catalog.pg_proc AS p ON d.objid = p.oid
                    WHERE
                        d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.refobjid = e.oid
                        AND d.classid = 'pg_catalog.pg_proc'::regclass AND d.deptype = 'e'
                        AND NOT pg_catalog.pg_has_role(p.proowner, 'USAGE')
                )
            )
    )
