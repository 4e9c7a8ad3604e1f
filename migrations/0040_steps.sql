-- Steps of a pipeline, and the tree they form.
--
-- depends: 0030_pipelines

CREATE TABLE steps (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    pipeline_id UUID NOT NULL,
    team_id UUID NOT NULL,

    name TEXT NOT NULL,
    type TEXT NOT NULL,
    enabled BOOLEAN NOT NULL DEFAULT TRUE,

    config JSONB NOT NULL DEFAULT '{}',

    position_x DOUBLE PRECISION NOT NULL DEFAULT 0,
    position_y DOUBLE PRECISION NOT NULL DEFAULT 0,
    width DOUBLE PRECISION NOT NULL DEFAULT 200,
    height DOUBLE PRECISION NOT NULL DEFAULT 100,

    parent_step_id UUID,
    branch TEXT NOT NULL DEFAULT 'steps',
    order_index INTEGER NOT NULL DEFAULT 0,
    key_order JSONB,

    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),

    CONSTRAINT steps_pkey PRIMARY KEY (id),
    CONSTRAINT steps_pipeline_id_id_key UNIQUE (pipeline_id, id),
    CONSTRAINT unique_step_name UNIQUE (pipeline_id, name) DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT steps_pipeline_id_team_id_fkey FOREIGN KEY (pipeline_id, team_id)
    REFERENCES pipelines (id, team_id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT steps_pipeline_id_parent_step_id_fkey FOREIGN KEY (pipeline_id, parent_step_id)
    REFERENCES steps (pipeline_id, id) ON DELETE CASCADE,
    CONSTRAINT valid_step_type CHECK (type IN (
        'claude', 'gemini', 'claude_smart', 'claude_session',
        'claude_extract', 'claude_batch', 'claude_robust',
        'parallel_claude', 'gemini_instructor', 'pipeline',
        'for_loop', 'while_loop', 'switch', 'data_transform',
        'file_ops', 'codebase_query', 'set_variable', 'checkpoint'
    )),
    CONSTRAINT steps_config_check CHECK (jsonb_typeof(config) = 'object'),
    CONSTRAINT steps_key_order_check CHECK (jsonb_typeof(key_order) IN ('object', 'array')),
    -- NaN counts as larger than infinity, so one comparison refuses both.
    CONSTRAINT steps_position_check CHECK (
        position_x > '-infinity' AND position_x < 'infinity'
        AND position_y > '-infinity' AND position_y < 'infinity'
    ),
    CONSTRAINT steps_size_check CHECK (
        width >= 0 AND width < 'infinity' AND height >= 0 AND height < 'infinity'
    )
);

-- ANALYZE sees too few distinct pipelines in millions of steps, and a wrong count makes the
-- planner combine two indexes (hundreds of buffers) for the 20 rows of one pipeline.
ALTER TABLE steps ALTER COLUMN pipeline_id SET (n_distinct = -0.05);

-- As for users: no sample of texts for EXPLAIN to tell.
ALTER TABLE steps ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE steps ALTER COLUMN branch SET STATISTICS 0;

COMMENT ON TABLE steps IS 'Steps. Their pipeline''s team reads and writes them.';
COMMENT ON COLUMN steps.team_id IS
'The pipeline''s team, kept true by the foreign key; filled in when an insert omits it.';
COMMENT ON COLUMN steps.name IS
'Unique in the pipeline, over all levels: other steps refer to it.';
COMMENT ON COLUMN steps.enabled IS 'The editor''s switch; the file format has none.';
COMMENT ON COLUMN steps.config IS
'Every key of the step in the file but name and type, nested steps apart; an object. Common to all
types: description, condition, timeout_seconds, output_to_file, output_schema, continue_on_error,
prompt (a text, or parts [{type: static|file|previous_response|session_context|claude_continue,
content, path, step, extract ...}]), model, tools, max_tokens, validation {output_schema,
required_outputs}. What a type needs: yaml.required_fields(); checked by validate_step_config().';
COMMENT ON COLUMN steps.position_x IS 'Left edge on the canvas, in pixels.';
COMMENT ON COLUMN steps.position_y IS 'Top edge on the canvas, in pixels.';
COMMENT ON COLUMN steps.width IS 'On the canvas, in pixels.';
COMMENT ON COLUMN steps.height IS 'On the canvas, in pixels.';
COMMENT ON COLUMN steps.parent_step_id IS
'The loop, switch or other step that contains this one; NULL: top level. Same pipeline, no cycles.';
COMMENT ON COLUMN steps.branch IS
'The key of the parent under which this step stands: steps, cases.<value>, default, error_handler
and so on; steps at the top level.';
COMMENT ON COLUMN steps.order_index IS
'Place among the steps of the same parent and branch; equal ones are ordered by id.';
COMMENT ON COLUMN steps.key_order IS
'The order of the keys in the imported file, which JSONB does not keep; NULL: no file.';
COMMENT ON CONSTRAINT steps_pipeline_id_id_key ON steps IS
'Not for uniqueness: what the foreign keys (pipeline_id, step) point to.';
COMMENT ON CONSTRAINT unique_step_name ON steps IS
'Deferrable, so that two names can be swapped; ON CONFLICT therefore has to name (id).';

CREATE INDEX idx_steps_pipeline ON steps (pipeline_id) INCLUDE (team_id);
CREATE INDEX idx_steps_type ON steps (type);
CREATE INDEX idx_steps_parent ON steps (parent_step_id, pipeline_id);
CREATE INDEX idx_steps_order ON steps (pipeline_id, order_index);
CREATE INDEX idx_steps_type_enabled ON steps (type, enabled) WHERE enabled = TRUE;
CREATE INDEX steps_team_id_idx ON steps (team_id);

COMMENT ON INDEX idx_steps_pipeline IS
'Counting the steps of a pipeline from the index alone; deleting it, or giving it to another team. The
team is not a key column: the planner would then look up each of the caller''s teams in turn, up to
600 pages for the 20 steps of one pipeline.';
COMMENT ON INDEX idx_steps_type IS 'Steps of a type over all teams (reports).';
COMMENT ON INDEX idx_steps_parent IS 'The children of a step; deleting a step.';
COMMENT ON INDEX idx_steps_order IS 'The steps of a pipeline in order.';
COMMENT ON INDEX idx_steps_type_enabled IS 'Enabled steps of a type over all teams (reports).';
COMMENT ON INDEX steps_team_id_idx IS 'All steps of the caller''s teams, without reading the others.';

CREATE TRIGGER a_skip_unchanged BEFORE UPDATE ON steps
FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER fill_team_id_on_insert BEFORE INSERT ON steps
FOR EACH ROW WHEN (new.team_id IS NULL) EXECUTE FUNCTION fill_team_id();
CREATE TRIGGER fill_team_id_on_move BEFORE UPDATE OF pipeline_id ON steps
FOR EACH ROW WHEN (new.pipeline_id IS DISTINCT FROM old.pipeline_id)
EXECUTE FUNCTION fill_team_id();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON steps
FOR EACH ROW WHEN (new.updated_at IS DISTINCT FROM greatest(old.updated_at, now()))
EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at_on_insert BEFORE INSERT ON steps
FOR EACH ROW WHEN (new.updated_at IS DISTINCT FROM now()) EXECUTE FUNCTION set_updated_at();

COMMENT ON TRIGGER a_skip_unchanged ON steps IS
'An update that changes nothing changes nothing; named to fire first.';
COMMENT ON TRIGGER fill_team_id_on_insert ON steps IS
'Inserts that only name the pipeline keep working.';
COMMENT ON TRIGGER fill_team_id_on_move ON steps IS
'A step that moves to another pipeline joins that pipeline''s team.';
COMMENT ON TRIGGER set_updated_at ON steps IS 'The server keeps updated_at.';
COMMENT ON TRIGGER set_updated_at_on_insert ON steps IS 'The server keeps updated_at.';

-- A statement may link several rows at once, so the tree is checked when it has ended. Each pipeline
-- is locked first: of two sessions that each hang one step below the other, the second has to
-- see what the first did. Not on the pipeline's row, which others' touches wait for.
CREATE FUNCTION refuse_step_cycle() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    changed UUID[];
    on_cycle UUID;
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- A new row is part of a cycle only when another new row points to it.
        SELECT array_agg(n.id) INTO changed FROM new_rows AS n
        WHERE n.parent_step_id IN (SELECT m.id FROM new_rows AS m WHERE m.parent_step_id IS NOT NULL);
    ELSE
        SELECT array_agg(n.id) INTO changed FROM new_rows AS n
        INNER JOIN old_rows AS o ON n.id = o.id
        WHERE n.parent_step_id IS NOT NULL
            AND n.parent_step_id IS DISTINCT FROM o.parent_step_id;
    END IF;
    IF changed IS NULL THEN
        RETURN NULL;
    END IF;

    PERFORM pg_advisory_xact_lock(hashtextextended('steps.parent_step_id:' || locked.id, 0))
    FROM (
        SELECT DISTINCT pipeline_id AS id FROM new_rows WHERE id = ANY (changed) ORDER BY 1
    ) AS locked;

    WITH RECURSIVE above AS (
        SELECT s.id, s.parent_step_id FROM public.steps AS s WHERE s.id = ANY (changed)
        UNION ALL
        SELECT s.id, s.parent_step_id
        FROM above AS a INNER JOIN public.steps AS s ON a.parent_step_id = s.id
    ) CYCLE id SET is_cycle USING path
    SELECT id INTO on_cycle FROM above WHERE is_cycle LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'step % would contain itself', on_cycle
            USING ERRCODE = 'check_violation', COLUMN = 'parent_step_id',
            TABLE = 'steps', SCHEMA = 'public';
    END IF;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION refuse_step_cycle IS
'Trigger: SQLSTATE 23514 when a statement makes a step its own ancestor.';

CREATE TRIGGER refuse_cycle_on_insert AFTER INSERT ON steps
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION refuse_step_cycle();
CREATE TRIGGER refuse_cycle_on_update AFTER UPDATE ON steps
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION refuse_step_cycle();
COMMENT ON TRIGGER refuse_cycle_on_insert ON steps IS 'Steps form a tree.';
COMMENT ON TRIGGER refuse_cycle_on_update ON steps IS 'Steps form a tree.';

ALTER TABLE steps OWNER TO pipeline_owner;
ALTER FUNCTION refuse_step_cycle() OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION refuse_step_cycle() FROM public;
