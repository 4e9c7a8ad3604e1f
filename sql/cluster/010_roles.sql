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
    -- Runs for other databases of the cluster may do the same at the same instant. PostgreSQL then
    -- reports a duplicate key, or the internal error "tuple concurrently updated" (XX000).
    FOR attempt IN 1..10 LOOP
        BEGIN
            FOREACH role_name IN ARRAY wanted LOOP
                IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
                    EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
                END IF;
            END LOOP;

            -- An administrator without superuser rights hands objects over to pipeline_owner and
            -- still alters them afterwards: both take membership. Since PostgreSQL 16, creating a
            -- role gives only the right to grant it.
            IF NOT pg_has_role(current_user, 'pipeline_owner', 'USAGE') THEN
                EXECUTE format('GRANT pipeline_owner TO %I', current_user);
            END IF;

            -- Only a superuser gives these two (from PostgreSQL 16 on, also one who has them).
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
                END;
            END IF;
            EXIT;
        EXCEPTION
            WHEN duplicate_object OR unique_violation OR internal_error THEN
                IF attempt = 10 THEN
                    RAISE;
                END IF;
                PERFORM pg_sleep(0.05 * random() * attempt);
        END;
    END LOOP;
END;
$roles$;
