-- Connections between the steps of one pipeline.
--
-- depends: 0040_steps

CREATE TABLE connections (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    pipeline_id UUID NOT NULL,
    team_id UUID NOT NULL,

    from_step_id UUID NOT NULL,
    to_step_id UUID NOT NULL,
    from_output TEXT NOT NULL DEFAULT 'output',
    to_input TEXT NOT NULL DEFAULT 'input',
    path_data JSONB,

    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),

    CONSTRAINT connections_pkey PRIMARY KEY (id),
    CONSTRAINT connections_from_step_id_to_step_id_from_output_to_input_key
    UNIQUE (from_step_id, to_step_id, from_output, to_input),
    CONSTRAINT connections_pipeline_id_team_id_fkey FOREIGN KEY (pipeline_id, team_id)
    REFERENCES pipelines (id, team_id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT connections_pipeline_id_from_step_id_fkey FOREIGN KEY (pipeline_id, from_step_id)
    REFERENCES steps (pipeline_id, id) ON DELETE CASCADE,
    CONSTRAINT connections_pipeline_id_to_step_id_fkey FOREIGN KEY (pipeline_id, to_step_id)
    REFERENCES steps (pipeline_id, id) ON DELETE CASCADE,
    CONSTRAINT connections_check CHECK (from_step_id <> to_step_id),
    CONSTRAINT connections_path_data_check
    CHECK (jsonb_typeof(path_data) IN ('object', 'array'))
);

-- As for steps.
ALTER TABLE connections ALTER COLUMN pipeline_id SET (n_distinct = -0.05);

-- As for users: no sample of texts for EXPLAIN to tell.
ALTER TABLE connections ALTER COLUMN from_output SET STATISTICS 0;
ALTER TABLE connections ALTER COLUMN to_input SET STATISTICS 0;

COMMENT ON TABLE connections IS
'What flows from a step to another one of the same pipeline.';
COMMENT ON COLUMN connections.team_id IS
'The pipeline''s team, kept true by the foreign key; filled in when an insert omits it.';
COMMENT ON COLUMN connections.path_data IS
'SVG path coordinates; NULL: the editor draws a line of its own.';

CREATE INDEX idx_connections_pipeline ON connections (pipeline_id) INCLUDE (team_id);
CREATE INDEX idx_connections_from ON connections (from_step_id, pipeline_id);
CREATE INDEX idx_connections_to ON connections (to_step_id, pipeline_id);

COMMENT ON INDEX idx_connections_pipeline IS
'The connections of a pipeline; deleting it, or giving it to another team. The team is no key
column for the same reason as in idx_steps_pipeline.';
COMMENT ON INDEX idx_connections_from IS 'The connections out of a step; deleting a step.';
COMMENT ON INDEX idx_connections_to IS 'The connections into a step; deleting a step.';

CREATE TRIGGER a_skip_unchanged BEFORE UPDATE ON connections
FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER fill_team_id_on_insert BEFORE INSERT ON connections
FOR EACH ROW WHEN (new.team_id IS NULL) EXECUTE FUNCTION fill_team_id();
CREATE TRIGGER fill_team_id_on_move BEFORE UPDATE OF pipeline_id ON connections
FOR EACH ROW WHEN (new.pipeline_id IS DISTINCT FROM old.pipeline_id)
EXECUTE FUNCTION fill_team_id();

COMMENT ON TRIGGER a_skip_unchanged ON connections IS
'An update that changes nothing changes nothing; named to fire first.';
COMMENT ON TRIGGER fill_team_id_on_insert ON connections IS
'Inserts that only name the pipeline keep working.';
COMMENT ON TRIGGER fill_team_id_on_move ON connections IS
'A connection that moves to another pipeline joins that pipeline''s team.';

ALTER TABLE connections OWNER TO pipeline_owner;
