-- Pipelines: the documents that teams edit.

CREATE TABLE pipelines (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    team_id UUID NOT NULL,
    created_by UUID DEFAULT current_user_id(),

    name TEXT NOT NULL,
    description TEXT,
    yaml_version TEXT NOT NULL DEFAULT 'v2',
    status TEXT NOT NULL DEFAULT 'draft',

    config JSONB NOT NULL DEFAULT '{}',
    defaults JSONB NOT NULL DEFAULT '{}',
    authentication JSONB NOT NULL DEFAULT '{}',

    tags TEXT[] NOT NULL DEFAULT '{}',
    is_template BOOLEAN NOT NULL DEFAULT FALSE,
    parent_pipeline_id UUID,
    key_order JSONB,

    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    published_at TIMESTAMPTZ,

    search_vector TSVECTOR GENERATED ALWAYS AS (
        setweight(to_tsvector('english', left(coalesce(name, ''), 10000)), 'A')
        || setweight(to_tsvector('english', left(coalesce(description, ''), 100000)), 'B')
    ) STORED,

    CONSTRAINT pipelines_pkey PRIMARY KEY (id),
    CONSTRAINT pipelines_id_team_id_key UNIQUE (id, team_id),
    CONSTRAINT pipelines_team_id_fkey FOREIGN KEY (team_id)
    REFERENCES teams (id) ON DELETE CASCADE,
    CONSTRAINT pipelines_created_by_fkey FOREIGN KEY (created_by)
    REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT pipelines_parent_pipeline_id_fkey FOREIGN KEY (parent_pipeline_id)
    REFERENCES pipelines (id) ON DELETE SET NULL,
    CONSTRAINT pipelines_parent_pipeline_id_check CHECK (parent_pipeline_id <> id),
    CONSTRAINT pipelines_yaml_version_check CHECK (yaml_version IN ('v1', 'v2')),
    CONSTRAINT pipelines_status_check CHECK (status IN ('draft', 'active', 'archived')),
    CONSTRAINT pipelines_config_check CHECK (jsonb_typeof(config) = 'object'),
    CONSTRAINT pipelines_defaults_check CHECK (jsonb_typeof(defaults) = 'object'),
    CONSTRAINT pipelines_authentication_check CHECK (jsonb_typeof(authentication) = 'object'),
    CONSTRAINT pipelines_tags_check CHECK (array_position(tags, NULL) IS NULL),
    CONSTRAINT pipelines_key_order_check
    CHECK (jsonb_typeof(key_order) IN ('object', 'array'))
)
-- Every change of a step rewrites its pipeline's row: leave room for it on the same page.
WITH (fillfactor = 85);

-- As for users: no sample of texts for EXPLAIN to tell. Nor of tags and words: @>, && and @@ are
-- estimated by comparing texts, so that whoever guesses a common one would be told how common it is.
ALTER TABLE pipelines ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE pipelines ALTER COLUMN description SET STATISTICS 0;
ALTER TABLE pipelines ALTER COLUMN tags SET STATISTICS 0;
ALTER TABLE pipelines ALTER COLUMN search_vector SET STATISTICS 0;

COMMENT ON TABLE pipelines IS
'Pipelines. A team''s members read them, all but viewers write them. updated_at also follows the
steps and connections, at the latest at commit.';
COMMENT ON COLUMN pipelines.created_by IS
'The user who made it; NULL when that user is deleted, or when nobody was logged in.';
COMMENT ON COLUMN pipelines.description IS 'NULL: none.';
COMMENT ON COLUMN pipelines.yaml_version IS 'The format of the file it came from.';
COMMENT ON COLUMN pipelines.config IS
'What stands in the workflow of the file and has no column of its own, under the file''s keys; an object.
Usual ones: workspace_dir, output_dir, checkpoint_dir, checkpoint_enabled, version, environment
{mode, debug_level, ...}, resource_limits, gemini_functions {name: {description, parameters}},
variables, inputs, max_tokens, max_steps, timeout, feature_flags. "$root": what stood beside workflow.';
COMMENT ON COLUMN pipelines.defaults IS 'workflow.defaults of the file; an object.';
COMMENT ON COLUMN pipelines.authentication IS 'claude_auth and gemini_auth of the file; an object.';
COMMENT ON COLUMN pipelines.parent_pipeline_id IS
'The pipeline that this one was forked from; NULL: an original, or its original is deleted.';
COMMENT ON COLUMN pipelines.key_order IS
'The order of the keys in the imported file, which JSONB does not keep; NULL: no file.';
COMMENT ON COLUMN pipelines.published_at IS 'NULL: never published.';
COMMENT ON COLUMN pipelines.search_vector IS
'Words of the first 10,000 characters of the name (weight A) and 100,000 of the description (B), since
a tsvector is limited to 1 MB. Not synchronised.';
COMMENT ON CONSTRAINT pipelines_id_team_id_key ON pipelines IS
'Not for uniqueness: what the foreign keys (pipeline_id, team_id) of other tables point to.';

CREATE INDEX idx_pipelines_team ON pipelines (team_id, updated_at DESC, id DESC);
CREATE INDEX idx_pipelines_status ON pipelines (status);
CREATE INDEX idx_pipelines_tags ON pipelines USING gin (tags);
CREATE INDEX idx_pipelines_search ON pipelines USING gin (search_vector);
CREATE INDEX idx_pipelines_updated ON pipelines (updated_at DESC, id DESC) INCLUDE (team_id);
CREATE INDEX idx_pipelines_team_status
ON pipelines (team_id, status, updated_at DESC, id DESC);
CREATE INDEX idx_pipelines_config_env ON pipelines ((config ->> 'environment'));
-- As for users: what an index computes is sampled as well.
ALTER INDEX idx_pipelines_config_env ALTER COLUMN 1 SET STATISTICS 0;
CREATE INDEX pipelines_created_by_idx ON pipelines (created_by);
CREATE INDEX pipelines_parent_pipeline_id_idx ON pipelines (parent_pipeline_id);

COMMENT ON INDEX idx_pipelines_team IS
'The newest pipelines of one team or of all the caller''s teams, without reading the table.';
COMMENT ON INDEX idx_pipelines_status IS 'Pipelines by status over all teams (reports).';
COMMENT ON INDEX idx_pipelines_tags IS
'tags @> over all teams. Under row security the policy''s index is used instead, since @> is not
leakproof.';
COMMENT ON INDEX idx_pipelines_search IS
'Full text over all teams. Under row security the policy''s index is used instead, since @@ is
not leakproof.';
COMMENT ON INDEX idx_pipelines_updated IS
'The newest pipelines over all teams; with the team, so that recent_pipelines() passes over those of
other teams without reading them.';
COMMENT ON INDEX idx_pipelines_team_status IS
'Pipelines of a team by status, newest first. Narrower, it would look cheaper than idx_pipelines_team
for a page of one team, which would then be sorted.';
COMMENT ON INDEX idx_pipelines_config_env IS 'Pipelines of an environment over all teams.';
COMMENT ON INDEX pipelines_created_by_idx IS 'A user''s pipelines; deleting a user.';
COMMENT ON INDEX pipelines_parent_pipeline_id_idx IS 'A pipeline''s forks; deleting a pipeline.';

CREATE TRIGGER a_skip_unchanged BEFORE UPDATE ON pipelines
FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON pipelines
FOR EACH ROW WHEN (new.updated_at IS DISTINCT FROM greatest(old.updated_at, now()))
EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at_on_insert BEFORE INSERT ON pipelines
FOR EACH ROW WHEN (new.updated_at IS DISTINCT FROM now()) EXECUTE FUNCTION set_updated_at();

COMMENT ON TRIGGER a_skip_unchanged ON pipelines IS
'An update that changes nothing changes nothing; named to fire first. The built-in function, since
comparing OLD and NEW is defeated by the generated column, which is NULL in NEW here.';
COMMENT ON TRIGGER set_updated_at ON pipelines IS 'The server keeps updated_at.';
COMMENT ON TRIGGER set_updated_at_on_insert ON pipelines IS 'The server keeps updated_at.';

-- The team of a row that only names its pipeline. Looks past row security: whether the caller may
-- write into that team is for the policy to say.
CREATE FUNCTION fill_team_id() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    SELECT p.team_id INTO NEW.team_id FROM public.pipelines AS p WHERE p.id = NEW.pipeline_id;
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION fill_team_id IS
'Trigger: sets team_id to the team of the row''s pipeline; NULL, which is then refused with SQLSTATE
23502, when there is no such pipeline.';

-- A policy on pipelines that read pipelines would call itself for ever, so a trigger asks, with the
-- rights of the caller: before the foreign key, whose error would tell what exists.
CREATE FUNCTION refuse_hidden_parent() RETURNS TRIGGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT row_security_active('public.pipelines')
        OR (TG_OP = 'UPDATE' AND NEW.parent_pipeline_id = OLD.parent_pipeline_id)
        OR EXISTS (SELECT FROM public.pipelines AS p WHERE p.id = NEW.parent_pipeline_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'no pipeline % that you can see', NEW.parent_pipeline_id
        USING ERRCODE = 'insufficient_privilege';
END;
$$;

COMMENT ON FUNCTION refuse_hidden_parent IS
'Trigger: SQLSTATE 42501 when the new parent_pipeline_id is no pipeline that the caller may read,
whether or not it exists.';

CREATE TRIGGER refuse_hidden_parent BEFORE INSERT OR UPDATE OF parent_pipeline_id ON pipelines
FOR EACH ROW WHEN (new.parent_pipeline_id IS NOT NULL) EXECUTE FUNCTION refuse_hidden_parent();
COMMENT ON TRIGGER refuse_hidden_parent ON pipelines IS
'Nobody claims another team''s pipeline as his original.';

ALTER TABLE pipelines OWNER TO pipeline_owner;
ALTER FUNCTION fill_team_id() OWNER TO pipeline_owner;
ALTER FUNCTION refuse_hidden_parent() OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION fill_team_id() FROM public;
REVOKE ALL ON FUNCTION refuse_hidden_parent() FROM public;
