-- What a synchronisation service such as ElectricSQL reads: the publication that it looks for, and
-- whole old rows in the write-ahead log. Presence is ephemeral and the change log is read on
-- demand; neither is published.
--
-- depends: 0200_security
ALTER TABLE users REPLICA IDENTITY FULL;
ALTER TABLE organizations REPLICA IDENTITY FULL;
ALTER TABLE organization_members REPLICA IDENTITY FULL;
ALTER TABLE teams REPLICA IDENTITY FULL;
ALTER TABLE team_members REPLICA IDENTITY FULL;
ALTER TABLE pipelines REPLICA IDENTITY FULL;
ALTER TABLE steps REPLICA IDENTITY FULL;
ALTER TABLE connections REPLICA IDENTITY FULL;
ALTER TABLE comments REPLICA IDENTITY FULL;
ALTER TABLE pipeline_templates REPLICA IDENTITY FULL;
ALTER TABLE pipeline_versions REPLICA IDENTITY FULL;

DO $publication$
BEGIN
    -- The owner of a publication must be able to create one.
    EXECUTE format('GRANT CREATE ON DATABASE %I TO pipeline_owner', current_database());
    -- Tables one by one: the service does not count a publication of all tables.
    CREATE PUBLICATION electric_publication_default FOR TABLE
        users, organizations, organization_members, teams, team_members, pipelines, steps,
        connections, comments, pipeline_templates, pipeline_versions;
    -- From PostgreSQL 18 on a table with a stored generated column (search_vector) and REPLICA
    -- IDENTITY FULL refuses every UPDATE and DELETE unless the column is published too. Before
    -- 18 the option does not exist, nor the problem.
    IF current_setting('server_version_num')::INTEGER >= 180000 THEN
        ALTER PUBLICATION electric_publication_default
        SET (publish_generated_columns = stored);
    END IF;
    ALTER PUBLICATION electric_publication_default OWNER TO pipeline_owner;
END;
$publication$;

COMMENT ON PUBLICATION electric_publication_default IS
'Read by ElectricSQL with ELECTRIC_MANUAL_TABLE_PUBLISHING=true. sql/shapes.yaml says which rows and
columns a client may ask for; what the service itself may see is everything.';
