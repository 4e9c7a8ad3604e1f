-- The contestant: the data model's document word for word where it runs at all. Left out: ENABLE
-- ELECTRIC (a syntax error), the second idx_pipelines_search, migrate_v1_pipeline. Added, because
-- the document calls it and does not define it: current_user_id().
CREATE TABLE users (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    email TEXT UNIQUE NOT NULL,
    name TEXT NOT NULL,
    avatar_url TEXT,
    preferences JSONB DEFAULT '{}',
    created_at TIMESTAMPTZ DEFAULT now(),
    updated_at TIMESTAMPTZ DEFAULT now()
);
CREATE INDEX idx_users_email ON users (email);
CREATE TABLE organizations (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name TEXT NOT NULL,
    slug TEXT UNIQUE NOT NULL,
    settings JSONB DEFAULT '{}',
    created_at TIMESTAMPTZ DEFAULT now()
);
CREATE TABLE teams (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id UUID REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    settings JSONB DEFAULT '{}',
    created_at TIMESTAMPTZ DEFAULT now()
);
CREATE TABLE team_members (
    team_id UUID REFERENCES teams (id) ON DELETE CASCADE,
    user_id UUID REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
    joined_at TIMESTAMPTZ DEFAULT now(),
    PRIMARY KEY (team_id, user_id)
);
CREATE TABLE pipelines (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    team_id UUID REFERENCES teams (id) ON DELETE CASCADE,
    created_by UUID REFERENCES users (id),
    name TEXT NOT NULL,
    description TEXT,
    yaml_version TEXT DEFAULT 'v2',
    status TEXT DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'archived')),
    config JSONB DEFAULT '{}',
    defaults JSONB DEFAULT '{}',
    authentication JSONB DEFAULT '{}',
    tags TEXT[] DEFAULT '{}',
    is_template BOOLEAN DEFAULT FALSE,
    parent_pipeline_id UUID REFERENCES pipelines (id),
    created_at TIMESTAMPTZ DEFAULT now(),
    updated_at TIMESTAMPTZ DEFAULT now(),
    published_at TIMESTAMPTZ,
    search_vector TSVECTOR GENERATED ALWAYS AS (
        setweight(to_tsvector('english', coalesce(name, '')), 'A')
        || setweight(to_tsvector('english', coalesce(description, '')), 'B')
    ) STORED
);
CREATE INDEX idx_pipelines_team ON pipelines (team_id);
CREATE INDEX idx_pipelines_status ON pipelines (status);
CREATE INDEX idx_pipelines_tags ON pipelines USING gin (tags);
CREATE INDEX idx_pipelines_search ON pipelines USING gin (search_vector);
CREATE INDEX idx_pipelines_updated ON pipelines (updated_at DESC);
CREATE TABLE steps (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    pipeline_id UUID REFERENCES pipelines (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    enabled BOOLEAN DEFAULT TRUE,
    config JSONB NOT NULL DEFAULT '{}',
    position_x FLOAT DEFAULT 0,
    position_y FLOAT DEFAULT 0,
    width FLOAT DEFAULT 200,
    height FLOAT DEFAULT 100,
    parent_step_id UUID REFERENCES steps (id) ON DELETE CASCADE,
    order_index INTEGER NOT NULL DEFAULT 0,
    created_at TIMESTAMPTZ DEFAULT now(),
    updated_at TIMESTAMPTZ DEFAULT now()
);
CREATE INDEX idx_steps_pipeline ON steps (pipeline_id);
CREATE INDEX idx_steps_type ON steps (type);
CREATE INDEX idx_steps_parent ON steps (parent_step_id);
CREATE INDEX idx_steps_order ON steps (pipeline_id, order_index);
CREATE FUNCTION update_pipeline_timestamp() RETURNS TRIGGER AS $$
BEGIN
  UPDATE pipelines SET updated_at = NOW() WHERE id = NEW.pipeline_id;
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER update_pipeline_on_step_change
AFTER INSERT OR UPDATE OR DELETE ON steps
FOR EACH ROW EXECUTE FUNCTION update_pipeline_timestamp();
CREATE TABLE connections (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    pipeline_id UUID REFERENCES pipelines (id) ON DELETE CASCADE,
    from_step_id UUID REFERENCES steps (id) ON DELETE CASCADE,
    to_step_id UUID REFERENCES steps (id) ON DELETE CASCADE,
    from_output TEXT DEFAULT 'output',
    to_input TEXT DEFAULT 'input',
    path_data JSONB,
    created_at TIMESTAMPTZ DEFAULT now(),
    UNIQUE (from_step_id, to_step_id, from_output, to_input)
);
CREATE INDEX idx_connections_pipeline ON connections (pipeline_id);
CREATE INDEX idx_connections_from ON connections (from_step_id);
CREATE INDEX idx_connections_to ON connections (to_step_id);
CREATE TABLE comments (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    pipeline_id UUID REFERENCES pipelines (id) ON DELETE CASCADE,
    step_id UUID REFERENCES steps (id) ON DELETE CASCADE,
    user_id UUID REFERENCES users (id),
    content TEXT NOT NULL,
    resolved BOOLEAN DEFAULT FALSE,
    created_at TIMESTAMPTZ DEFAULT now(),
    updated_at TIMESTAMPTZ DEFAULT now(),
    CHECK (pipeline_id IS NOT NULL OR step_id IS NOT NULL)
);
CREATE INDEX idx_steps_type_enabled ON steps (type, enabled) WHERE enabled = TRUE;
CREATE INDEX idx_pipelines_team_status ON pipelines (team_id, status);
CREATE INDEX idx_steps_config_type ON steps ((config ->> 'step_type'));
CREATE INDEX idx_pipelines_config_env ON pipelines ((config ->> 'environment'));
CREATE FUNCTION current_user_id() RETURNS UUID LANGUAGE sql STABLE
RETURN nullif(current_setting('app.user_id', TRUE), '')::UUID;
ALTER TABLE pipelines ENABLE ROW LEVEL SECURITY;
CREATE POLICY pipelines_select ON pipelines FOR SELECT USING (
    team_id IN (SELECT team_id FROM team_members WHERE user_id = current_user_id())
);
CREATE POLICY pipelines_modify ON pipelines FOR ALL USING (
    team_id IN (
        SELECT team_id FROM team_members
        WHERE user_id = current_user_id() AND role IN ('owner', 'admin', 'member')
    )
);
ALTER TABLE steps ADD CONSTRAINT unique_step_name UNIQUE (pipeline_id, name);
ALTER TABLE steps ADD CONSTRAINT valid_step_type CHECK (type IN (
    'claude', 'gemini', 'claude_smart', 'claude_session',
    'claude_extract', 'claude_batch', 'claude_robust',
    'parallel_claude', 'gemini_instructor', 'pipeline',
    'for_loop', 'while_loop', 'switch', 'data_transform',
    'file_ops', 'codebase_query', 'set_variable', 'checkpoint'
));
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO pipeline_app;
