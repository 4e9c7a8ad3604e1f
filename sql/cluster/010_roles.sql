-- Cluster-wide roles. They outlive any one database: no rollback drops them, and this file may
-- run again at any time, which is why it alone asks "if". Logins are not made here:
--   GRANT pipeline_app TO my_web_login;
DO $roles$
DECLARE
    role_name TEXT;
    wanted CONSTANT TEXT[] := ARRAY[
        'pipeline_owner',     -- owns every object; granted to whoever migrates, never to a login
        'pipeline_app',       -- the application's rights; row security decides about the rows
        'pipeline_readonly',  -- SELECT, under the same row security
        'pipeline_electric'   -- reads the published tables for synchronisation
    ];
BEGIN
    FOREACH role_name IN ARRAY wanted LOOP
        -- Another database's run may create the same role at the same instant: PostgreSQL then
        -- reports a duplicate key or an internal error (XX000) instead of "already exists".
        FOR attempt IN 1..5 LOOP
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
                    EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
                END IF;
                EXIT;
            EXCEPTION
                WHEN duplicate_object OR unique_violation OR internal_error THEN
                    IF attempt = 5 THEN
                        RAISE;
                    END IF;
                    PERFORM pg_sleep(0.05 * attempt);
            END;
        END LOOP;
    END LOOP;

    -- An administrator without superuser rights hands objects over to pipeline_owner and still
    -- alters them afterwards: both take membership. Since PostgreSQL 16 creating a role gives
    -- only the right to grant it.
    IF NOT pg_has_role(current_user, 'pipeline_owner', 'USAGE') THEN
        EXECUTE format('GRANT pipeline_owner TO %I', current_user);
    END IF;

    -- Only a superuser (from PostgreSQL 16 on: one who has the attributes) can give these two.
    IF EXISTS (
        SELECT FROM pg_catalog.pg_roles
        WHERE rolname = 'pipeline_electric' AND NOT (rolreplication AND rolbypassrls)
    ) THEN
        BEGIN
            ALTER ROLE pipeline_electric REPLICATION BYPASSRLS;
        EXCEPTION
            WHEN insufficient_privilege THEN
                RAISE NOTICE 'pipeline_electric cannot replicate yet. A DBA runs: %',
                    'ALTER ROLE pipeline_electric REPLICATION BYPASSRLS;';
            WHEN internal_error THEN
                NULL;  -- a concurrent run is setting the same attributes
        END;
    END IF;
END;
$roles$;
