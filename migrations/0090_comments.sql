-- Comments on pipelines and their steps.
--
-- depends: 0080_templates

CREATE TABLE comments (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    pipeline_id UUID NOT NULL,
    team_id UUID NOT NULL,
    step_id UUID,
    user_id UUID DEFAULT current_user_id(),

    content TEXT NOT NULL,
    resolved BOOLEAN NOT NULL DEFAULT FALSE,

    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),

    CONSTRAINT comments_pkey PRIMARY KEY (id),
    CONSTRAINT comments_pipeline_id_team_id_fkey FOREIGN KEY (pipeline_id, team_id)
    REFERENCES pipelines (id, team_id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT comments_pipeline_id_step_id_fkey FOREIGN KEY (pipeline_id, step_id)
    REFERENCES steps (pipeline_id, id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT comments_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT comments_check CHECK (pipeline_id IS NOT NULL OR step_id IS NOT NULL)
);

-- As for steps.
ALTER TABLE comments ALTER COLUMN pipeline_id SET (n_distinct = -0.05);

-- As for users: no sample of texts for EXPLAIN to tell.
ALTER TABLE comments ALTER COLUMN content SET STATISTICS 0;

COMMENT ON TABLE comments IS
'What people say about a pipeline or a step. Edited by the author, resolved by any who may write
the pipeline, deleted by the author and by those who manage the team.';
COMMENT ON COLUMN comments.pipeline_id IS
'The pipeline, filled in from the step when an insert omits it; follows a step that moves.';
COMMENT ON COLUMN comments.team_id IS
'The pipeline''s team, kept true by the foreign key; filled in when an insert omits it.';
COMMENT ON COLUMN comments.step_id IS
'The step, one of the same pipeline; NULL: about the pipeline as a whole.';
COMMENT ON COLUMN comments.user_id IS 'The author; NULL when that user is deleted.';

CREATE INDEX comments_pipeline_id_team_id_idx ON comments (pipeline_id) INCLUDE (team_id);
CREATE INDEX comments_step_id_pipeline_id_idx ON comments (step_id, pipeline_id);
CREATE INDEX comments_user_id_idx ON comments (user_id);
COMMENT ON INDEX comments_pipeline_id_team_id_idx IS
'The comments of a pipeline; deleting it, or giving it to another team.';
COMMENT ON INDEX comments_step_id_pipeline_id_idx IS
'The comments of a step; deleting or moving it.';
COMMENT ON INDEX comments_user_id_idx IS 'A user''s comments; deleting a user.';

CREATE FUNCTION fill_comment_pipeline() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    SELECT s.pipeline_id INTO NEW.pipeline_id FROM public.steps AS s WHERE s.id = NEW.step_id;
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION fill_comment_pipeline IS
'Trigger: sets pipeline_id to the pipeline of the comment''s step. Looks past row security: whether
the caller may write there is for the policy to say.';

-- A policy sees the old row or the new one, not what differs between them.
CREATE FUNCTION guard_comment() RETURNS TRIGGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    only_resolved public.comments := OLD;
BEGIN
    only_resolved.resolved := NEW.resolved;
    only_resolved.updated_at := NEW.updated_at;
    IF OLD.user_id IS DISTINCT FROM public.current_user_id()
        AND only_resolved IS DISTINCT FROM NEW
        AND row_security_active('public.comments') THEN
        RAISE EXCEPTION 'only its author edits a comment'
            USING ERRCODE = 'insufficient_privilege', TABLE = 'comments', SCHEMA = 'public';
    END IF;
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION guard_comment IS
'Trigger: SQLSTATE 42501 when anybody but the author changes more than "resolved". Foreign keys and
the owner, to whom row security does not apply, pass.';

CREATE TRIGGER a_skip_unchanged BEFORE UPDATE ON comments
FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER fill_pipeline_id_on_insert BEFORE INSERT ON comments
FOR EACH ROW WHEN (new.pipeline_id IS NULL) EXECUTE FUNCTION fill_comment_pipeline();
CREATE TRIGGER fill_team_id_on_insert BEFORE INSERT ON comments
FOR EACH ROW WHEN (new.team_id IS NULL) EXECUTE FUNCTION fill_team_id();
CREATE TRIGGER fill_team_id_on_move BEFORE UPDATE OF pipeline_id ON comments
FOR EACH ROW WHEN (new.pipeline_id IS DISTINCT FROM old.pipeline_id)
EXECUTE FUNCTION fill_team_id();
CREATE TRIGGER guard_comment BEFORE UPDATE ON comments
FOR EACH ROW EXECUTE FUNCTION guard_comment();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON comments
FOR EACH ROW WHEN (new.updated_at IS DISTINCT FROM greatest(old.updated_at, now()))
EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at_on_insert BEFORE INSERT ON comments
FOR EACH ROW WHEN (new.updated_at IS DISTINCT FROM now()) EXECUTE FUNCTION set_updated_at();

COMMENT ON TRIGGER a_skip_unchanged ON comments IS
'An update that changes nothing changes nothing; named to fire first.';
COMMENT ON TRIGGER fill_pipeline_id_on_insert ON comments IS
'Inserts that only name the step keep working; fires before fill_team_id_on_insert.';
COMMENT ON TRIGGER fill_team_id_on_insert ON comments IS
'Inserts that only name the pipeline keep working.';
COMMENT ON TRIGGER fill_team_id_on_move ON comments IS
'A comment follows its step, and joins the new pipeline''s team.';
COMMENT ON TRIGGER guard_comment ON comments IS 'Others resolve a comment, only its author edits it.';
COMMENT ON TRIGGER set_updated_at ON comments IS 'The server keeps updated_at.';
COMMENT ON TRIGGER set_updated_at_on_insert ON comments IS 'The server keeps updated_at.';

ALTER TABLE comments OWNER TO pipeline_owner;
ALTER FUNCTION fill_comment_pipeline() OWNER TO pipeline_owner;
ALTER FUNCTION guard_comment() OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION fill_comment_pipeline() FROM public;
REVOKE ALL ON FUNCTION guard_comment() FROM public;
