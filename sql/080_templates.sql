-- Templates: pipelines to start from. instantiate_template() stands in 160_template_use.sql.

CREATE TABLE pipeline_templates (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    team_id UUID NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    category TEXT,
    icon TEXT,
    pipeline_config JSONB NOT NULL,
    default_values JSONB NOT NULL DEFAULT '{}',
    usage_count INTEGER NOT NULL DEFAULT 0,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT pipeline_templates_pkey PRIMARY KEY (id),
    CONSTRAINT pipeline_templates_team_id_fkey FOREIGN KEY (team_id)
    REFERENCES teams (id) ON DELETE CASCADE,
    CONSTRAINT pipeline_templates_pipeline_config_check
    CHECK (jsonb_typeof(pipeline_config) = 'object'),
    CONSTRAINT pipeline_templates_default_values_check
    CHECK (jsonb_typeof(default_values) = 'object'),
    CONSTRAINT pipeline_templates_usage_count_check CHECK (usage_count >= 0)
);

-- As for users: no sample of texts for EXPLAIN to tell.
ALTER TABLE pipeline_templates ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE pipeline_templates ALTER COLUMN description SET STATISTICS 0;
ALTER TABLE pipeline_templates ALTER COLUMN category SET STATISTICS 0;
ALTER TABLE pipeline_templates ALTER COLUMN icon SET STATISTICS 0;

COMMENT ON TABLE pipeline_templates IS
'Pipelines to start from; read and written by their team.';
COMMENT ON COLUMN pipeline_templates.description IS 'NULL: none.';
COMMENT ON COLUMN pipeline_templates.category IS 'NULL: none.';
COMMENT ON COLUMN pipeline_templates.icon IS 'NULL: the editor''s own.';
COMMENT ON COLUMN pipeline_templates.pipeline_config IS
'An object with any of: description, config, defaults, authentication, tags;
steps: [{name, type, config, enabled, position_x, position_y, width, height, order_index, branch,
parent: name of a step}]; connections: [{from, to: names of steps, from_output, to_input,
path_data}]. "{{variable}}" in any text is replaced when the template is used.';
COMMENT ON COLUMN pipeline_templates.default_values IS
'Variable name -> value where the caller of instantiate_template() gives none.';
COMMENT ON COLUMN pipeline_templates.usage_count IS
'How often it was instantiated; kept by the server.';

CREATE INDEX pipeline_templates_team_id_idx ON pipeline_templates (team_id);
COMMENT ON INDEX pipeline_templates_team_id_idx IS 'The templates of a team; deleting it.';

CREATE TRIGGER a_skip_unchanged BEFORE UPDATE ON pipeline_templates
FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON pipeline_templates
FOR EACH ROW WHEN (new.updated_at IS DISTINCT FROM greatest(old.updated_at, now()))
EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at_on_insert BEFORE INSERT ON pipeline_templates
FOR EACH ROW WHEN (new.updated_at IS DISTINCT FROM now()) EXECUTE FUNCTION set_updated_at();
COMMENT ON TRIGGER a_skip_unchanged ON pipeline_templates IS
'An update that changes nothing changes nothing; named to fire first.';
COMMENT ON TRIGGER set_updated_at ON pipeline_templates IS 'The server keeps updated_at.';
COMMENT ON TRIGGER set_updated_at_on_insert ON pipeline_templates IS 'The server keeps updated_at.';

ALTER TABLE pipeline_templates OWNER TO pipeline_owner;
