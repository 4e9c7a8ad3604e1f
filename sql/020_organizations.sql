-- Organizations, their teams, and who belongs to them.

CREATE TABLE organizations (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    settings JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT organizations_pkey PRIMARY KEY (id),
    CONSTRAINT organizations_slug_key UNIQUE (slug),
    CONSTRAINT organizations_settings_check CHECK (jsonb_typeof(settings) = 'object')
);

-- As for users: no sample of texts for EXPLAIN to tell.
ALTER TABLE organizations ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE organizations ALTER COLUMN slug SET STATISTICS 0;

COMMENT ON TABLE organizations IS
'Customers. Read by the members of any of their teams, written by their owners; made by
create_organization().';
COMMENT ON COLUMN organizations.slug IS 'The name in addresses; unique over all customers.';

CREATE TABLE organization_members (
    organization_id UUID NOT NULL,
    user_id UUID NOT NULL,
    role TEXT NOT NULL,
    joined_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT organization_members_pkey PRIMARY KEY (organization_id, user_id),
    CONSTRAINT organization_members_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT organization_members_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT organization_members_role_check CHECK (role IN ('owner', 'admin', 'member'))
);

COMMENT ON TABLE organization_members IS
'Who runs an organization; being in one of its teams is a matter of team_members.';
COMMENT ON COLUMN organization_members.role IS
'owner: everything; admin: creates teams, manages members but no owners; member: reads.';

CREATE INDEX organization_members_user_id_idx ON organization_members (user_id);
COMMENT ON INDEX organization_members_user_id_idx IS
'The organizations of a user, asked by every policy; deleting a user.';

CREATE TABLE teams (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    organization_id UUID NOT NULL,
    name TEXT NOT NULL,
    settings JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT teams_pkey PRIMARY KEY (id),
    CONSTRAINT teams_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT teams_settings_check CHECK (jsonb_typeof(settings) = 'object')
);

-- As for users: no sample of texts for EXPLAIN to tell.
ALTER TABLE teams ALTER COLUMN name SET STATISTICS 0;

COMMENT ON TABLE teams IS
'The tenant: every row of a pipeline carries its team. Made by create_team().';

CREATE INDEX teams_organization_id_idx ON teams (organization_id);
COMMENT ON INDEX teams_organization_id_idx IS 'The teams of an organization; deleting one.';

CREATE TABLE team_members (
    team_id UUID NOT NULL,
    user_id UUID NOT NULL,
    role TEXT NOT NULL,
    joined_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT team_members_pkey PRIMARY KEY (team_id, user_id),
    CONSTRAINT team_members_team_id_fkey FOREIGN KEY (team_id)
    REFERENCES teams (id) ON DELETE CASCADE,
    CONSTRAINT team_members_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT team_members_role_check CHECK (role IN ('owner', 'admin', 'member', 'viewer'))
);

COMMENT ON TABLE team_members IS
'Who may do what in a team. A team always keeps at least one owner.';
COMMENT ON COLUMN team_members.role IS
'owner: everything; admin: also manages members but no owners; member: writes; viewer: reads.';

CREATE INDEX team_members_user_id_idx ON team_members (user_id) INCLUDE (team_id, role);
COMMENT ON INDEX team_members_user_id_idx IS
'The teams of a user, asked by every policy and answered from the index; deleting a user.';

CREATE TRIGGER a_skip_unchanged BEFORE UPDATE ON organizations
FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER a_skip_unchanged BEFORE UPDATE ON organization_members
FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER a_skip_unchanged BEFORE UPDATE ON teams
FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER a_skip_unchanged BEFORE UPDATE ON team_members
FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
COMMENT ON TRIGGER a_skip_unchanged ON organizations IS
'An update that changes nothing changes nothing; named to fire first.';
COMMENT ON TRIGGER a_skip_unchanged ON organization_members IS
'An update that changes nothing changes nothing; named to fire first.';
COMMENT ON TRIGGER a_skip_unchanged ON teams IS
'An update that changes nothing changes nothing; named to fire first.';
COMMENT ON TRIGGER a_skip_unchanged ON team_members IS
'An update that changes nothing changes nothing; named to fire first.';

-- What the caller belongs to. The functions run as the owner: a policy on team_members that read
-- team_members as the caller would call itself for ever. Each returns one array, which a policy
-- compares as "team_id = any((SELECT my_team_ids())::UUID[])": evaluated once a statement, and
-- usable as an index condition, unlike a join or IN (SELECT ...). PL/pgSQL, because a session keeps
-- the plan: an SQL function would be planned again for every statement.
CREATE FUNCTION my_team_ids() RETURNS UUID[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(team_id), '{}')
        FROM public.team_members WHERE user_id = public.current_user_id()
    );
END;
$$;

CREATE FUNCTION my_writable_team_ids() RETURNS UUID[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(team_id), '{}') FROM public.team_members
        WHERE user_id = public.current_user_id() AND role IN ('owner', 'admin', 'member')
    );
END;
$$;

CREATE FUNCTION my_managed_team_ids() RETURNS UUID[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(team_id), '{}') FROM public.team_members
        WHERE user_id = public.current_user_id() AND role IN ('owner', 'admin')
    );
END;
$$;

CREATE FUNCTION my_owned_team_ids() RETURNS UUID[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(team_id), '{}') FROM public.team_members
        WHERE user_id = public.current_user_id() AND role = 'owner'
    );
END;
$$;

CREATE FUNCTION my_organization_ids() RETURNS UUID[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(organization_id), '{}') FROM (
            SELECT organization_id FROM public.organization_members
            WHERE user_id = public.current_user_id()
            UNION
            SELECT t.organization_id FROM public.team_members AS m
            INNER JOIN public.teams AS t ON m.team_id = t.id
            WHERE m.user_id = public.current_user_id()
        ) AS mine
    );
END;
$$;

CREATE FUNCTION my_joined_organization_ids() RETURNS UUID[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(organization_id), '{}') FROM public.organization_members
        WHERE user_id = public.current_user_id()
    );
END;
$$;

CREATE FUNCTION my_managed_organization_ids() RETURNS UUID[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(organization_id), '{}') FROM public.organization_members
        WHERE user_id = public.current_user_id() AND role IN ('owner', 'admin')
    );
END;
$$;

CREATE FUNCTION my_owned_organization_ids() RETURNS UUID[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(organization_id), '{}') FROM public.organization_members
        WHERE user_id = public.current_user_id() AND role = 'owner'
    );
END;
$$;

COMMENT ON FUNCTION my_team_ids IS 'Teams the caller may read; empty for nobody.';
COMMENT ON FUNCTION my_writable_team_ids IS
'Teams whose pipelines the caller may write (owner, admin, member); empty for nobody.';
COMMENT ON FUNCTION my_managed_team_ids IS
'Teams whose members the caller manages (owner, admin); empty for nobody.';
COMMENT ON FUNCTION my_owned_team_ids IS 'Teams the caller owns; empty for nobody.';
COMMENT ON FUNCTION my_organization_ids IS
'Organizations the caller may read: as their member, or as a member of one of their teams.';
COMMENT ON FUNCTION my_joined_organization_ids IS
'Organizations of which the caller is himself a member, so that he sees who else is.';
COMMENT ON FUNCTION my_managed_organization_ids IS
'Organizations in which the caller creates teams and manages members (owner, admin).';
COMMENT ON FUNCTION my_owned_organization_ids IS 'Organizations the caller owns.';

ALTER TABLE organizations OWNER TO pipeline_owner;
ALTER TABLE organization_members OWNER TO pipeline_owner;
ALTER TABLE teams OWNER TO pipeline_owner;
ALTER TABLE team_members OWNER TO pipeline_owner;
ALTER FUNCTION my_team_ids() OWNER TO pipeline_owner;
ALTER FUNCTION my_writable_team_ids() OWNER TO pipeline_owner;
ALTER FUNCTION my_managed_team_ids() OWNER TO pipeline_owner;
ALTER FUNCTION my_owned_team_ids() OWNER TO pipeline_owner;
ALTER FUNCTION my_organization_ids() OWNER TO pipeline_owner;
ALTER FUNCTION my_joined_organization_ids() OWNER TO pipeline_owner;
ALTER FUNCTION my_managed_organization_ids() OWNER TO pipeline_owner;
ALTER FUNCTION my_owned_organization_ids() OWNER TO pipeline_owner;

REVOKE ALL ON FUNCTION my_team_ids() FROM public;
REVOKE ALL ON FUNCTION my_writable_team_ids() FROM public;
REVOKE ALL ON FUNCTION my_managed_team_ids() FROM public;
REVOKE ALL ON FUNCTION my_owned_team_ids() FROM public;
REVOKE ALL ON FUNCTION my_organization_ids() FROM public;
REVOKE ALL ON FUNCTION my_joined_organization_ids() FROM public;
REVOKE ALL ON FUNCTION my_managed_organization_ids() FROM public;
REVOKE ALL ON FUNCTION my_owned_organization_ids() FROM public;
GRANT EXECUTE ON FUNCTION my_team_ids() TO pipeline_app, pipeline_readonly;
GRANT EXECUTE ON FUNCTION my_writable_team_ids() TO pipeline_app;
GRANT EXECUTE ON FUNCTION my_managed_team_ids() TO pipeline_app;
GRANT EXECUTE ON FUNCTION my_owned_team_ids() TO pipeline_app;
GRANT EXECUTE ON FUNCTION my_organization_ids() TO pipeline_app, pipeline_readonly;
GRANT EXECUTE ON FUNCTION my_joined_organization_ids() TO pipeline_app, pipeline_readonly;
GRANT EXECUTE ON FUNCTION my_managed_organization_ids() TO pipeline_app;
GRANT EXECUTE ON FUNCTION my_owned_organization_ids() TO pipeline_app;
