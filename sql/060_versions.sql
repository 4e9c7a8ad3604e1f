-- Versions of a pipeline: written once, never changed. What makes and restores them stands in
-- 130_history.sql.

CREATE TABLE pipeline_versions (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    pipeline_id UUID NOT NULL,
    team_id UUID NOT NULL,
    version_number INTEGER NOT NULL,

    pipeline_snapshot JSONB NOT NULL,
    steps_snapshot JSONB NOT NULL,
    connections_snapshot JSONB NOT NULL,

    created_by UUID DEFAULT current_user_id(),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    change_summary TEXT,

    CONSTRAINT pipeline_versions_pkey PRIMARY KEY (id),
    CONSTRAINT pipeline_versions_pipeline_id_version_number_key
    UNIQUE (pipeline_id, version_number),
    CONSTRAINT pipeline_versions_pipeline_id_team_id_fkey FOREIGN KEY (pipeline_id, team_id)
    REFERENCES pipelines (id, team_id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT pipeline_versions_created_by_fkey FOREIGN KEY (created_by)
    REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT pipeline_versions_version_number_check CHECK (version_number > 0),
    CONSTRAINT pipeline_versions_pipeline_snapshot_check
    CHECK (jsonb_typeof(pipeline_snapshot) = 'object'),
    CONSTRAINT pipeline_versions_steps_snapshot_check
    CHECK (jsonb_typeof(steps_snapshot) = 'array'),
    CONSTRAINT pipeline_versions_connections_snapshot_check
    CHECK (jsonb_typeof(connections_snapshot) = 'array')
);

-- As for users: no sample of texts for EXPLAIN to tell.
ALTER TABLE pipeline_versions ALTER COLUMN change_summary SET STATISTICS 0;

COMMENT ON TABLE pipeline_versions IS
'Complete states of a pipeline, made by create_pipeline_version(). Immutable: an update, delete or
truncate is refused with SQLSTATE 55000. A version goes with its pipeline, and follows it to another
team; prune_pipeline_versions() is the owner''s.';
COMMENT ON COLUMN pipeline_versions.team_id IS 'The pipeline''s present team.';
COMMENT ON COLUMN pipeline_versions.version_number IS '1, 2, 3 ... within the pipeline.';
COMMENT ON COLUMN pipeline_versions.pipeline_snapshot IS
'The pipeline''s row without team, updated_at and search_vector; an object.';
COMMENT ON COLUMN pipeline_versions.steps_snapshot IS
'Its steps without pipeline, team and updated_at, ordered by id; an array.';
COMMENT ON COLUMN pipeline_versions.connections_snapshot IS
'Its connections without pipeline and team, ordered by id; an array.';
COMMENT ON COLUMN pipeline_versions.created_by IS
'Who made the version; NULL when that user is deleted, or when nobody was logged in.';
COMMENT ON COLUMN pipeline_versions.change_summary IS 'NULL: none was given.';

CREATE INDEX pipeline_versions_pipeline_id_team_id_idx
ON pipeline_versions (pipeline_id) INCLUDE (team_id);
CREATE INDEX pipeline_versions_created_by_idx ON pipeline_versions (created_by);

COMMENT ON INDEX pipeline_versions_pipeline_id_team_id_idx IS
'A pipeline that is deleted or changes its team.';
COMMENT ON INDEX pipeline_versions_created_by_idx IS 'Deleting a user.';

CREATE TRIGGER fill_team_id_on_insert BEFORE INSERT ON pipeline_versions
FOR EACH ROW WHEN (new.team_id IS NULL) EXECUTE FUNCTION fill_team_id();
COMMENT ON TRIGGER fill_team_id_on_insert ON pipeline_versions IS
'Inserts that only name the pipeline keep working.';

-- Foreign keys act through the same triggers as everybody else. What they do is recognised by its
-- cause: the pipeline is gone or has changed its team, or the author is gone.
CREATE FUNCTION refuse_version_change() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    followed public.pipeline_versions;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        followed := OLD;
        followed.team_id := coalesce(
            (SELECT p.team_id FROM public.pipelines AS p WHERE p.id = OLD.pipeline_id), OLD.team_id
        );
        followed.created_by := (SELECT u.id FROM public.users AS u WHERE u.id = OLD.created_by);
        IF followed IS NOT DISTINCT FROM NEW AND followed IS DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    ELSIF NOT EXISTS (SELECT FROM public.pipelines WHERE id = OLD.pipeline_id)
        OR current_setting('pipeline_history.pruning', TRUE) = pg_current_xact_id()::TEXT THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'pipeline_versions is append-only: % refused', TG_OP
        USING ERRCODE = 'object_not_in_prerequisite_state',
        TABLE = 'pipeline_versions', SCHEMA = 'public';
END;
$$;

COMMENT ON FUNCTION refuse_version_change IS
'Trigger: SQLSTATE 55000 for every update and delete but those that a foreign key or
prune_pipeline_versions() makes.';

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON pipeline_versions
FOR EACH ROW EXECUTE FUNCTION refuse_version_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON pipeline_versions
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
COMMENT ON TRIGGER refuse_change ON pipeline_versions IS 'History is not rewritten.';
COMMENT ON TRIGGER refuse_truncate ON pipeline_versions IS 'History is not emptied.';

CREATE FUNCTION prune_pipeline_versions(keep INTEGER, older_than INTERVAL) RETURNS BIGINT
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    pruned BIGINT;
BEGIN
    IF keep IS NULL OR keep < 1 OR older_than IS NULL THEN
        -- The newest one stays, or its number would be given again.
        RAISE EXCEPTION 'at least one version of a pipeline is kept'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM set_config('pipeline_history.pruning', pg_current_xact_id()::TEXT, TRUE);
    DELETE FROM public.pipeline_versions AS v
    WHERE v.created_at < now() - older_than
        AND v.version_number <= (
            SELECT max(n.version_number) - prune_pipeline_versions.keep
            FROM public.pipeline_versions AS n WHERE n.pipeline_id = v.pipeline_id
        );
    GET DIAGNOSTICS pruned = ROW_COUNT;
    PERFORM set_config('pipeline_history.pruning', '', TRUE);
    RETURN pruned;
END;
$$;

COMMENT ON FUNCTION prune_pipeline_versions IS
'Retention, for the owner only: deletes versions made more than older_than ago, but of each pipeline
none of the newest "keep" numbers; returns how many. SQLSTATE 22023 when keep is below 1.';

ALTER TABLE pipeline_versions OWNER TO pipeline_owner;
ALTER FUNCTION refuse_version_change() OWNER TO pipeline_owner;
ALTER FUNCTION prune_pipeline_versions(INTEGER, INTERVAL) OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION refuse_version_change() FROM public;
REVOKE ALL ON FUNCTION prune_pipeline_versions(INTEGER, INTERVAL) FROM public;
