ALTER TABLE pipeline_stats_refresh DISABLE ROW LEVEL SECURITY;
ALTER TABLE pipeline_touches DISABLE ROW LEVEL SECURITY;
DROP POLICY presence_delete ON presence;
DROP POLICY presence_update ON presence;
DROP POLICY presence_insert ON presence;
DROP POLICY presence_select ON presence;
ALTER TABLE presence DISABLE ROW LEVEL SECURITY;
DROP POLICY comments_delete ON comments;
DROP POLICY comments_update ON comments;
DROP POLICY comments_insert ON comments;
DROP POLICY comments_select ON comments;
ALTER TABLE comments DISABLE ROW LEVEL SECURITY;
DROP POLICY pipeline_templates_delete ON pipeline_templates;
DROP POLICY pipeline_templates_update ON pipeline_templates;
DROP POLICY pipeline_templates_insert ON pipeline_templates;
DROP POLICY pipeline_templates_select ON pipeline_templates;
ALTER TABLE pipeline_templates DISABLE ROW LEVEL SECURITY;
DROP POLICY pipeline_changes_select ON pipeline_changes;
ALTER TABLE pipeline_changes DISABLE ROW LEVEL SECURITY;
DROP POLICY pipeline_versions_select ON pipeline_versions;
ALTER TABLE pipeline_versions DISABLE ROW LEVEL SECURITY;
DROP POLICY connections_delete ON connections;
DROP POLICY connections_update ON connections;
DROP POLICY connections_insert ON connections;
DROP POLICY connections_select ON connections;
ALTER TABLE connections DISABLE ROW LEVEL SECURITY;
DROP POLICY steps_delete ON steps;
DROP POLICY steps_update ON steps;
DROP POLICY steps_insert ON steps;
DROP POLICY steps_select ON steps;
ALTER TABLE steps DISABLE ROW LEVEL SECURITY;
DROP POLICY pipelines_delete ON pipelines;
DROP POLICY pipelines_modify ON pipelines;
DROP POLICY pipelines_insert ON pipelines;
DROP POLICY pipelines_select ON pipelines;
ALTER TABLE pipelines DISABLE ROW LEVEL SECURITY;
DROP POLICY team_members_delete ON team_members;
DROP POLICY team_members_update ON team_members;
DROP POLICY team_members_insert ON team_members;
DROP POLICY team_members_select ON team_members;
ALTER TABLE team_members DISABLE ROW LEVEL SECURITY;
DROP POLICY teams_delete ON teams;
DROP POLICY teams_update ON teams;
DROP POLICY teams_select ON teams;
ALTER TABLE teams DISABLE ROW LEVEL SECURITY;
DROP POLICY organization_members_delete ON organization_members;
DROP POLICY organization_members_update ON organization_members;
DROP POLICY organization_members_insert ON organization_members;
DROP POLICY organization_members_select ON organization_members;
ALTER TABLE organization_members DISABLE ROW LEVEL SECURITY;
DROP POLICY organizations_delete ON organizations;
DROP POLICY organizations_update ON organizations;
DROP POLICY organizations_select ON organizations;
ALTER TABLE organizations DISABLE ROW LEVEL SECURITY;
DROP POLICY users_update ON users;
DROP POLICY users_insert ON users;
DROP POLICY users_select ON users;
ALTER TABLE users DISABLE ROW LEVEL SECURITY;
REVOKE SELECT ON pipeline_versions FROM pipeline_electric;
REVOKE SELECT ON pipelines, steps, connections, comments, pipeline_templates FROM pipeline_electric;
REVOKE SELECT ON users, organizations, organization_members, teams, team_members
FROM pipeline_electric;
REVOKE SELECT ON user_profiles FROM pipeline_app, pipeline_readonly;
REVOKE SELECT ON presence FROM pipeline_readonly;
REVOKE UPDATE (
    cursor_x, cursor_y, selected_step_ids, status, last_seen
) ON presence FROM pipeline_app;
REVOKE SELECT, INSERT, DELETE ON presence FROM pipeline_app;
REVOKE SELECT ON comments FROM pipeline_readonly;
REVOKE UPDATE (content, resolved, updated_at) ON comments FROM pipeline_app;
REVOKE SELECT, INSERT, DELETE ON comments FROM pipeline_app;
REVOKE SELECT ON pipeline_templates FROM pipeline_readonly;
REVOKE UPDATE (
    team_id, name, description, category, icon, pipeline_config, default_values, updated_at
) ON pipeline_templates FROM pipeline_app;
REVOKE INSERT (
    id, team_id, name, description, category, icon, pipeline_config, default_values, created_at,
    updated_at
) ON pipeline_templates FROM pipeline_app;
REVOKE SELECT, DELETE ON pipeline_templates FROM pipeline_app;
REVOKE SELECT ON pipeline_changes FROM pipeline_readonly;
REVOKE SELECT ON pipeline_changes FROM pipeline_app;
REVOKE SELECT ON pipeline_versions FROM pipeline_readonly;
REVOKE SELECT ON pipeline_versions FROM pipeline_app;
REVOKE SELECT ON connections FROM pipeline_readonly;
REVOKE UPDATE (
    pipeline_id, team_id, from_step_id, to_step_id, from_output, to_input, path_data
) ON connections FROM pipeline_app;
REVOKE SELECT, INSERT, DELETE ON connections FROM pipeline_app;
REVOKE SELECT ON steps FROM pipeline_readonly;
REVOKE UPDATE (
    pipeline_id, team_id, name, type, enabled, config, position_x, position_y, width, height,
    parent_step_id, branch, order_index, key_order, created_at, updated_at
) ON steps FROM pipeline_app;
REVOKE SELECT, INSERT, DELETE ON steps FROM pipeline_app;
REVOKE SELECT ON pipelines FROM pipeline_readonly;
REVOKE UPDATE (
    team_id, name, description, yaml_version, status, config, defaults, authentication, tags,
    is_template, parent_pipeline_id, key_order, updated_at, published_at
) ON pipelines FROM pipeline_app;
REVOKE SELECT, INSERT, DELETE ON pipelines FROM pipeline_app;
REVOKE SELECT ON team_members FROM pipeline_readonly;
REVOKE UPDATE (role) ON team_members FROM pipeline_app;
REVOKE SELECT, INSERT, DELETE ON team_members FROM pipeline_app;
REVOKE SELECT ON teams FROM pipeline_readonly;
REVOKE UPDATE (name, settings) ON teams FROM pipeline_app;
REVOKE SELECT, DELETE ON teams FROM pipeline_app;
REVOKE SELECT ON organization_members FROM pipeline_readonly;
REVOKE UPDATE (role) ON organization_members FROM pipeline_app;
REVOKE SELECT, INSERT, DELETE ON organization_members FROM pipeline_app;
REVOKE SELECT ON organizations FROM pipeline_readonly;
REVOKE UPDATE (name, slug, settings) ON organizations FROM pipeline_app;
REVOKE SELECT, DELETE ON organizations FROM pipeline_app;
REVOKE SELECT ON users FROM pipeline_readonly;
REVOKE UPDATE (email, name, avatar_url, preferences, updated_at) ON users FROM pipeline_app;
REVOKE SELECT, INSERT ON users FROM pipeline_app;
