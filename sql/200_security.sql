-- Who may do what. A privilege opens a table, a policy says which rows; sql/access.yaml lists the
-- outcome, cell by cell, and the tests execute it. No FORCE: the owner is nobody's login.

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON users TO pipeline_app;
GRANT UPDATE (email, name, avatar_url, preferences, updated_at) ON users TO pipeline_app;
GRANT SELECT ON users TO pipeline_readonly;
CREATE POLICY users_select ON users FOR SELECT TO pipeline_app, pipeline_readonly
USING (
    id = (SELECT current_user_id())
);
CREATE POLICY users_insert ON users FOR INSERT TO pipeline_app
WITH CHECK (
    id = (SELECT current_user_id())
);
CREATE POLICY users_update ON users FOR UPDATE TO pipeline_app
USING (
    id = (SELECT current_user_id())
)
WITH CHECK (
    id = (SELECT current_user_id())
);
COMMENT ON POLICY users_select ON users IS 'One''s own row; others'' are in user_profiles.';
COMMENT ON POLICY users_insert ON users IS 'Signing up as oneself.';
COMMENT ON POLICY users_update ON users IS 'One''s own row.';

ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
GRANT SELECT, DELETE ON organizations TO pipeline_app;
GRANT UPDATE (name, slug, settings) ON organizations TO pipeline_app;
GRANT SELECT ON organizations TO pipeline_readonly;
CREATE POLICY organizations_select ON organizations FOR SELECT TO pipeline_app, pipeline_readonly
USING (
    id = any((SELECT my_organization_ids())::UUID[])
);
CREATE POLICY organizations_update ON organizations FOR UPDATE TO pipeline_app
USING (
    id = any((SELECT my_owned_organization_ids())::UUID[])
)
WITH CHECK (
    id = any((SELECT my_owned_organization_ids())::UUID[])
);
CREATE POLICY organizations_delete ON organizations FOR DELETE TO pipeline_app
USING (
    id = any((SELECT my_owned_organization_ids())::UUID[])
);
COMMENT ON POLICY organizations_select ON organizations IS 'Its members and those of its teams.';
COMMENT ON POLICY organizations_update ON organizations IS 'Its owners.';
COMMENT ON POLICY organizations_delete ON organizations IS 'Its owners.';

ALTER TABLE organization_members ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON organization_members TO pipeline_app;
GRANT UPDATE (role) ON organization_members TO pipeline_app;
GRANT SELECT ON organization_members TO pipeline_readonly;
CREATE POLICY organization_members_select ON organization_members
FOR SELECT TO pipeline_app, pipeline_readonly
USING (
    organization_id = any((SELECT my_joined_organization_ids())::UUID[])
);
CREATE POLICY organization_members_insert ON organization_members FOR INSERT TO pipeline_app
WITH CHECK (
    organization_id = any((SELECT my_owned_organization_ids())::UUID[])
    OR (role <> 'owner' AND organization_id = any((SELECT my_managed_organization_ids())::UUID[]))
);
CREATE POLICY organization_members_update ON organization_members FOR UPDATE TO pipeline_app
USING (
    organization_id = any((SELECT my_owned_organization_ids())::UUID[])
    OR (role <> 'owner' AND organization_id = any((SELECT my_managed_organization_ids())::UUID[]))
)
WITH CHECK (
    organization_id = any((SELECT my_owned_organization_ids())::UUID[])
    OR (role <> 'owner' AND organization_id = any((SELECT my_managed_organization_ids())::UUID[]))
);
CREATE POLICY organization_members_delete ON organization_members FOR DELETE TO pipeline_app
USING (
    organization_id = any((SELECT my_owned_organization_ids())::UUID[])
    OR (role <> 'owner' AND organization_id = any((SELECT my_managed_organization_ids())::UUID[]))
    OR user_id = (SELECT current_user_id())
);
COMMENT ON POLICY organization_members_select ON organization_members IS
'The organization''s members.';
COMMENT ON POLICY organization_members_insert ON organization_members IS
'Owners add anybody, admins add no owners.';
COMMENT ON POLICY organization_members_update ON organization_members IS
'Owners change every role; admins neither take nor give owner.';
COMMENT ON POLICY organization_members_delete ON organization_members IS
'Owners remove anybody, admins no owners; everybody may leave.';

ALTER TABLE teams ENABLE ROW LEVEL SECURITY;
GRANT SELECT, DELETE ON teams TO pipeline_app;
GRANT UPDATE (name, settings) ON teams TO pipeline_app;
GRANT SELECT ON teams TO pipeline_readonly;
CREATE POLICY teams_select ON teams FOR SELECT TO pipeline_app, pipeline_readonly
USING (
    id = any((SELECT my_team_ids())::UUID[])
);
CREATE POLICY teams_update ON teams FOR UPDATE TO pipeline_app
USING (
    id = any((SELECT my_managed_team_ids())::UUID[])
)
WITH CHECK (
    id = any((SELECT my_managed_team_ids())::UUID[])
);
CREATE POLICY teams_delete ON teams FOR DELETE TO pipeline_app
USING (
    id = any((SELECT my_owned_team_ids())::UUID[])
);
COMMENT ON POLICY teams_select ON teams IS 'The team''s members.';
COMMENT ON POLICY teams_update ON teams IS 'Its owners and admins.';
COMMENT ON POLICY teams_delete ON teams IS 'Its owners.';

ALTER TABLE team_members ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON team_members TO pipeline_app;
GRANT UPDATE (role) ON team_members TO pipeline_app;
GRANT SELECT ON team_members TO pipeline_readonly;
CREATE POLICY team_members_select ON team_members FOR SELECT TO pipeline_app, pipeline_readonly
USING (
    team_id = any((SELECT my_team_ids())::UUID[])
);
CREATE POLICY team_members_insert ON team_members FOR INSERT TO pipeline_app
WITH CHECK (
    team_id = any((SELECT my_owned_team_ids())::UUID[])
    OR (role <> 'owner' AND team_id = any((SELECT my_managed_team_ids())::UUID[]))
);
CREATE POLICY team_members_update ON team_members FOR UPDATE TO pipeline_app
USING (
    team_id = any((SELECT my_owned_team_ids())::UUID[])
    OR (role <> 'owner' AND team_id = any((SELECT my_managed_team_ids())::UUID[]))
)
WITH CHECK (
    team_id = any((SELECT my_owned_team_ids())::UUID[])
    OR (role <> 'owner' AND team_id = any((SELECT my_managed_team_ids())::UUID[]))
);
CREATE POLICY team_members_delete ON team_members FOR DELETE TO pipeline_app
USING (
    team_id = any((SELECT my_owned_team_ids())::UUID[])
    OR (role <> 'owner' AND team_id = any((SELECT my_managed_team_ids())::UUID[]))
    OR user_id = (SELECT current_user_id())
);
COMMENT ON POLICY team_members_select ON team_members IS 'The team''s members.';
COMMENT ON POLICY team_members_insert ON team_members IS
'Owners add anybody, admins add no owners.';
COMMENT ON POLICY team_members_update ON team_members IS
'Owners change every role; admins neither take nor give owner.';
COMMENT ON POLICY team_members_delete ON team_members IS
'Owners remove anybody, admins no owners; everybody may leave.';

ALTER TABLE pipelines ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON pipelines TO pipeline_app;
GRANT UPDATE (
    team_id, name, description, yaml_version, status, config, defaults, authentication, tags,
    is_template, parent_pipeline_id, key_order, updated_at, published_at
) ON pipelines TO pipeline_app;
GRANT SELECT ON pipelines TO pipeline_readonly;
CREATE POLICY pipelines_select ON pipelines FOR SELECT TO pipeline_app, pipeline_readonly
USING (
    team_id = any((SELECT my_team_ids())::UUID[])
);
CREATE POLICY pipelines_insert ON pipelines FOR INSERT TO pipeline_app
WITH CHECK (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
    AND (created_by IS NULL OR created_by = (SELECT current_user_id()))
);
CREATE POLICY pipelines_modify ON pipelines FOR UPDATE TO pipeline_app
USING (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
)
WITH CHECK (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
);
CREATE POLICY pipelines_delete ON pipelines FOR DELETE TO pipeline_app
USING (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
);
COMMENT ON POLICY pipelines_select ON pipelines IS 'The team''s members.';
COMMENT ON POLICY pipelines_insert ON pipelines IS 'All members but viewers, in their own name.';
COMMENT ON POLICY pipelines_modify ON pipelines IS
'All members but viewers; to another team only for those who write in both.';
COMMENT ON POLICY pipelines_delete ON pipelines IS 'All members but viewers.';

-- created_at, since a restore writes it. Whoever inserts a step chooses it anyway; what happened when
-- is in the change log, which nobody writes.
ALTER TABLE steps ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON steps TO pipeline_app;
GRANT UPDATE (
    pipeline_id, team_id, name, type, enabled, config, position_x, position_y, width, height,
    parent_step_id, branch, order_index, key_order, created_at, updated_at
) ON steps TO pipeline_app;
GRANT SELECT ON steps TO pipeline_readonly;
CREATE POLICY steps_select ON steps FOR SELECT TO pipeline_app, pipeline_readonly
USING (
    team_id = any((SELECT my_team_ids())::UUID[])
);
CREATE POLICY steps_insert ON steps FOR INSERT TO pipeline_app
WITH CHECK (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
);
CREATE POLICY steps_update ON steps FOR UPDATE TO pipeline_app
USING (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
)
WITH CHECK (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
);
CREATE POLICY steps_delete ON steps FOR DELETE TO pipeline_app
USING (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
);
COMMENT ON POLICY steps_select ON steps IS 'The team''s members.';
COMMENT ON POLICY steps_insert ON steps IS 'All members but viewers.';
COMMENT ON POLICY steps_update ON steps IS 'All members but viewers.';
COMMENT ON POLICY steps_delete ON steps IS 'All members but viewers.';

ALTER TABLE connections ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON connections TO pipeline_app;
GRANT UPDATE (
    pipeline_id, team_id, from_step_id, to_step_id, from_output, to_input, path_data
) ON connections TO pipeline_app;
GRANT SELECT ON connections TO pipeline_readonly;
CREATE POLICY connections_select ON connections FOR SELECT TO pipeline_app, pipeline_readonly
USING (
    team_id = any((SELECT my_team_ids())::UUID[])
);
CREATE POLICY connections_insert ON connections FOR INSERT TO pipeline_app
WITH CHECK (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
);
CREATE POLICY connections_update ON connections FOR UPDATE TO pipeline_app
USING (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
)
WITH CHECK (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
);
CREATE POLICY connections_delete ON connections FOR DELETE TO pipeline_app
USING (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
);
COMMENT ON POLICY connections_select ON connections IS 'The team''s members.';
COMMENT ON POLICY connections_insert ON connections IS 'All members but viewers.';
COMMENT ON POLICY connections_update ON connections IS 'All members but viewers.';
COMMENT ON POLICY connections_delete ON connections IS 'All members but viewers.';

ALTER TABLE pipeline_versions ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON pipeline_versions TO pipeline_app;
GRANT SELECT ON pipeline_versions TO pipeline_readonly;
CREATE POLICY pipeline_versions_select ON pipeline_versions
FOR SELECT TO pipeline_app, pipeline_readonly
USING (
    team_id = any((SELECT my_team_ids())::UUID[])
);
COMMENT ON POLICY pipeline_versions_select ON pipeline_versions IS
'The team''s members. Written by create_pipeline_version() only.';

ALTER TABLE pipeline_changes ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON pipeline_changes TO pipeline_app;
GRANT SELECT ON pipeline_changes TO pipeline_readonly;
CREATE POLICY pipeline_changes_select ON pipeline_changes
FOR SELECT TO pipeline_app, pipeline_readonly
USING (
    team_id = any((SELECT my_team_ids())::UUID[])
);
COMMENT ON POLICY pipeline_changes_select ON pipeline_changes IS
'The team''s members. Written by triggers only.';

ALTER TABLE pipeline_templates ENABLE ROW LEVEL SECURITY;
GRANT SELECT, DELETE ON pipeline_templates TO pipeline_app;
GRANT INSERT (
    id, team_id, name, description, category, icon, pipeline_config, default_values, created_at,
    updated_at
) ON pipeline_templates TO pipeline_app;
GRANT UPDATE (
    team_id, name, description, category, icon, pipeline_config, default_values, updated_at
) ON pipeline_templates TO pipeline_app;
GRANT SELECT ON pipeline_templates TO pipeline_readonly;
CREATE POLICY pipeline_templates_select ON pipeline_templates
FOR SELECT TO pipeline_app, pipeline_readonly
USING (
    team_id = any((SELECT my_team_ids())::UUID[])
);
CREATE POLICY pipeline_templates_insert ON pipeline_templates FOR INSERT TO pipeline_app
WITH CHECK (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
);
CREATE POLICY pipeline_templates_update ON pipeline_templates FOR UPDATE TO pipeline_app
USING (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
)
WITH CHECK (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
);
CREATE POLICY pipeline_templates_delete ON pipeline_templates FOR DELETE TO pipeline_app
USING (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
);
COMMENT ON POLICY pipeline_templates_select ON pipeline_templates IS 'The team''s members.';
COMMENT ON POLICY pipeline_templates_insert ON pipeline_templates IS 'All members but viewers.';
COMMENT ON POLICY pipeline_templates_update ON pipeline_templates IS 'All members but viewers.';
COMMENT ON POLICY pipeline_templates_delete ON pipeline_templates IS 'All members but viewers.';

ALTER TABLE comments ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON comments TO pipeline_app;
GRANT UPDATE (content, resolved, updated_at) ON comments TO pipeline_app;
GRANT SELECT ON comments TO pipeline_readonly;
CREATE POLICY comments_select ON comments FOR SELECT TO pipeline_app, pipeline_readonly
USING (
    team_id = any((SELECT my_team_ids())::UUID[])
);
CREATE POLICY comments_insert ON comments FOR INSERT TO pipeline_app
WITH CHECK (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
    AND user_id = (SELECT current_user_id())
);
CREATE POLICY comments_update ON comments FOR UPDATE TO pipeline_app
USING (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
)
WITH CHECK (
    team_id = any((SELECT my_writable_team_ids())::UUID[])
);
CREATE POLICY comments_delete ON comments FOR DELETE TO pipeline_app
USING (
    (
        team_id = any((SELECT my_writable_team_ids())::UUID[])
        AND user_id = (SELECT current_user_id())
    )
    OR team_id = any((SELECT my_managed_team_ids())::UUID[])
);
COMMENT ON POLICY comments_select ON comments IS 'The team''s members.';
COMMENT ON POLICY comments_insert ON comments IS 'All members but viewers, in their own name.';
COMMENT ON POLICY comments_update ON comments IS
'All members but viewers; guard_comment() leaves all but "resolved" to the author.';
COMMENT ON POLICY comments_delete ON comments IS
'The author, unless he is a viewer now; and those who manage the team.';

ALTER TABLE presence ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON presence TO pipeline_app;
GRANT UPDATE (cursor_x, cursor_y, selected_step_ids, status, last_seen) ON presence TO pipeline_app;
GRANT SELECT ON presence TO pipeline_readonly;
CREATE POLICY presence_select ON presence FOR SELECT TO pipeline_app, pipeline_readonly
USING (
    team_id = any((SELECT my_team_ids())::UUID[])
);
CREATE POLICY presence_insert ON presence FOR INSERT TO pipeline_app
WITH CHECK (
    team_id = any((SELECT my_team_ids())::UUID[])
    AND user_id = (SELECT current_user_id())
);
CREATE POLICY presence_update ON presence FOR UPDATE TO pipeline_app
USING (
    team_id = any((SELECT my_team_ids())::UUID[])
    AND user_id = (SELECT current_user_id())
)
WITH CHECK (
    team_id = any((SELECT my_team_ids())::UUID[])
    AND user_id = (SELECT current_user_id())
);
CREATE POLICY presence_delete ON presence FOR DELETE TO pipeline_app
USING (
    user_id = (SELECT current_user_id())
);
COMMENT ON POLICY presence_select ON presence IS 'The team''s members.';
COMMENT ON POLICY presence_insert ON presence IS 'One''s own, viewers too.';
COMMENT ON POLICY presence_update ON presence IS 'One''s own, viewers too.';
COMMENT ON POLICY presence_delete ON presence IS 'One''s own, also after leaving the team.';

GRANT SELECT ON user_profiles TO pipeline_app, pipeline_readonly;

-- Bookkeeping that only triggers and the owner touch: closed even to those who may read a table.
ALTER TABLE pipeline_touches ENABLE ROW LEVEL SECURITY;
ALTER TABLE pipeline_stats_refresh ENABLE ROW LEVEL SECURITY;

-- What is synchronised (900_publication.sql). The service reads past row security.
GRANT SELECT ON users, organizations, organization_members, teams, team_members
TO pipeline_electric;
GRANT SELECT ON pipelines, steps, connections, comments, pipeline_templates TO pipeline_electric;
GRANT SELECT ON pipeline_versions TO pipeline_electric;
