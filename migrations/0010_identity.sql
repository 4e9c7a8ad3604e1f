-- Who is asking, and the functions that triggers of several tables share.

GRANT USAGE, CREATE ON SCHEMA public TO pipeline_owner;
GRANT USAGE ON SCHEMA public TO pipeline_app, pipeline_readonly, pipeline_electric;

CREATE FUNCTION current_user_id() RETURNS UUID
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    uuid_form CONSTANT TEXT := '^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$';
    -- A setting that a transaction set locally is left behind as '' in a pooled session, so ''
    -- has to count as absent.
    who TEXT := nullif(current_setting('app.user_id', TRUE), '');
BEGIN
    IF who IS NULL AND nullif(current_setting('request.jwt.claims', TRUE), '') IS NOT NULL THEN
        BEGIN
            who := current_setting('request.jwt.claims')::JSONB ->> 'sub';
        EXCEPTION
            WHEN data_exception OR program_limit_exceeded THEN
                who := NULL;
        END;
    END IF;
    RETURN CASE WHEN who ~ uuid_form THEN who::UUID END;
END;
$$;

COMMENT ON FUNCTION current_user_id IS
'The user on whose behalf the session acts: the setting app.user_id, else the "sub" of
request.jwt.claims. NULL, which is nobody, when both are unset, empty or malformed; raises nothing.
Not parallel safe: reading broken claims needs a subtransaction.';

CREATE FUNCTION acts_as_owner() RETURNS BOOLEAN
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT pg_has_role(
        coalesce(nullif(current_setting('role'), 'none'), session_user),
        'pipeline_owner', 'USAGE'
    )
$$;

COMMENT ON FUNCTION acts_as_owner IS
'Whether the session acts with the rights of pipeline_owner or a superuser, to whom row security
does not apply. Looks at the session, since current_user inside a SECURITY DEFINER function is
always the owner.';

CREATE FUNCTION set_updated_at() RETURNS TRIGGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- now() is when the transaction began; one that began later may have written before.
    NEW.updated_at := greatest(OLD.updated_at, now());
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION set_updated_at IS
'Trigger: updated_at is the server''s transaction time, whatever the client sent; it never goes
back.';

CREATE FUNCTION refuse_change() RETURNS TRIGGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'object_not_in_prerequisite_state',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END;
$$;

COMMENT ON FUNCTION refuse_change IS
'Trigger: refuses the statement with SQLSTATE 55000.';

CREATE TABLE users (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    avatar_url TEXT,
    preferences JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_email_check CHECK (email = lower(email)),
    CONSTRAINT users_preferences_check CHECK (jsonb_typeof(preferences) = 'object')
);

-- Comparing texts is leakproof, so the planner would estimate it from a sample of all teams' texts,
-- and EXPLAIN would let anybody read that sample bit by bit. So no text that somebody typed has
-- statistics; nothing is planned better by them under row security. Keys, times and words of a
-- fixed list keep theirs: plans need them, and they say nothing of what anybody wrote.
ALTER TABLE users ALTER COLUMN email SET STATISTICS 0;
ALTER TABLE users ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE users ALTER COLUMN avatar_url SET STATISTICS 0;

COMMENT ON TABLE users IS
'People. A row is read and written only by the user himself; team-mates see user_profiles.';
COMMENT ON COLUMN users.email IS
'Lower case, so that one address is one user however it was typed.';
COMMENT ON COLUMN users.avatar_url IS 'NULL: no picture.';
COMMENT ON COLUMN users.preferences IS 'Editor settings of this user; an object.';

CREATE FUNCTION lower_email() RETURNS TRIGGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.email := lower(NEW.email);
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION lower_email IS 'Trigger: stores users.email in lower case.';

CREATE TRIGGER a_skip_unchanged BEFORE UPDATE ON users
FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER lower_email BEFORE INSERT OR UPDATE OF email ON users
FOR EACH ROW EXECUTE FUNCTION lower_email();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON users
FOR EACH ROW WHEN (new.updated_at IS DISTINCT FROM greatest(old.updated_at, now()))
EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at_on_insert BEFORE INSERT ON users
FOR EACH ROW WHEN (new.updated_at IS DISTINCT FROM now()) EXECUTE FUNCTION set_updated_at();

COMMENT ON TRIGGER a_skip_unchanged ON users IS
'An update that changes nothing changes nothing; named to fire first.';
COMMENT ON TRIGGER lower_email ON users IS 'Makes users_email_check hold for what clients send.';
COMMENT ON TRIGGER set_updated_at ON users IS 'The server keeps updated_at.';
COMMENT ON TRIGGER set_updated_at_on_insert ON users IS 'The server keeps updated_at.';

ALTER TABLE users OWNER TO pipeline_owner;
ALTER FUNCTION current_user_id() OWNER TO pipeline_owner;
ALTER FUNCTION acts_as_owner() OWNER TO pipeline_owner;
ALTER FUNCTION set_updated_at() OWNER TO pipeline_owner;
ALTER FUNCTION refuse_change() OWNER TO pipeline_owner;
ALTER FUNCTION lower_email() OWNER TO pipeline_owner;

REVOKE ALL ON FUNCTION current_user_id() FROM public;
REVOKE ALL ON FUNCTION acts_as_owner() FROM public;
REVOKE ALL ON FUNCTION set_updated_at() FROM public;
REVOKE ALL ON FUNCTION refuse_change() FROM public;
REVOKE ALL ON FUNCTION lower_email() FROM public;
GRANT EXECUTE ON FUNCTION current_user_id() TO pipeline_app, pipeline_readonly, pipeline_electric;

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

-- How organizations and teams begin, that they keep an owner, and what team-mates see of each other.

-- The last owner stays. Counting needs a lock: two owners who remove each other at the same time
-- would otherwise both still see the other one. It helps only where the SELECT after it takes a new
-- snapshot, so the stricter isolation levels are refused.
CREATE FUNCTION keep_team_owner() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orphan UUID;
BEGIN
    -- A team that is itself being deleted is gone here, and needs no owner.
    PERFORM FROM public.teams
    WHERE id IN (SELECT team_id FROM old_rows WHERE role = 'owner')
    ORDER BY id FOR NO KEY UPDATE;
    IF FOUND AND current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'owners of teams change in READ COMMITTED transactions only'
            USING ERRCODE = 'feature_not_supported',
            HINT = 'An older snapshot does not show that another owner has just gone.';
    END IF;
    SELECT t.id INTO orphan FROM public.teams AS t
    WHERE t.id IN (SELECT team_id FROM old_rows WHERE role = 'owner')
        AND NOT EXISTS (
            SELECT FROM public.team_members AS m WHERE m.team_id = t.id AND m.role = 'owner'
        )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'team % would be left without an owner', orphan
            USING ERRCODE = 'check_violation', HINT = 'Make another member owner first.';
    END IF;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION keep_team_owner IS
'Trigger: SQLSTATE 23514 when a statement leaves a team without an owner, 0A000 when it changes an
owner in a REPEATABLE READ or SERIALIZABLE transaction.';

CREATE FUNCTION keep_organization_owner() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orphan UUID;
BEGIN
    PERFORM FROM public.organizations
    WHERE id IN (SELECT organization_id FROM old_rows WHERE role = 'owner')
    ORDER BY id FOR NO KEY UPDATE;
    IF FOUND AND current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'owners of organizations change in READ COMMITTED transactions only'
            USING ERRCODE = 'feature_not_supported',
            HINT = 'An older snapshot does not show that another owner has just gone.';
    END IF;
    SELECT o.id INTO orphan FROM public.organizations AS o
    WHERE o.id IN (SELECT organization_id FROM old_rows WHERE role = 'owner')
        AND NOT EXISTS (
            SELECT FROM public.organization_members AS m
            WHERE m.organization_id = o.id AND m.role = 'owner'
        )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'organization % would be left without an owner', orphan
            USING ERRCODE = 'check_violation', HINT = 'Make another member owner first.';
    END IF;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION keep_organization_owner IS
'Trigger: SQLSTATE 23514 when a statement leaves an organization without an owner, 0A000 when it
changes an owner in a REPEATABLE READ or SERIALIZABLE transaction.';

CREATE TRIGGER keep_owner_on_update AFTER UPDATE ON team_members
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION keep_team_owner();
CREATE TRIGGER keep_owner_on_delete AFTER DELETE ON team_members
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION keep_team_owner();
CREATE TRIGGER keep_owner_on_update AFTER UPDATE ON organization_members
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION keep_organization_owner();
CREATE TRIGGER keep_owner_on_delete AFTER DELETE ON organization_members
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION keep_organization_owner();
COMMENT ON TRIGGER keep_owner_on_update ON team_members IS 'The last owner is not demoted.';
COMMENT ON TRIGGER keep_owner_on_delete ON team_members IS 'The last owner is not removed.';
COMMENT ON TRIGGER keep_owner_on_update ON organization_members IS
'The last owner is not demoted.';
COMMENT ON TRIGGER keep_owner_on_delete ON organization_members IS
'The last owner is not removed.';

-- Nobody is a member of what does not exist yet, so no policy could allow these two inserts:
-- the functions run as the owner and put the caller in.
CREATE FUNCTION create_organization(organization_name TEXT, organization_slug TEXT) RETURNS UUID
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    me CONSTANT UUID := public.current_user_id();
    created UUID;
BEGIN
    IF NOT EXISTS (SELECT FROM public.users WHERE id = me) THEN
        RAISE EXCEPTION 'only a known user creates an organization'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.organizations (name, slug)
    VALUES (organization_name, organization_slug)
    RETURNING id INTO created;
    INSERT INTO public.organization_members (organization_id, user_id, role)
    VALUES (created, me, 'owner');
    RETURN created;
END;
$$;

COMMENT ON FUNCTION create_organization IS
'Creates an organization with the caller as its owner and returns its id. SQLSTATE 42501 for
nobody, 23505 when the slug is taken.';

CREATE FUNCTION create_team(organization_id UUID, team_name TEXT) RETURNS UUID
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    created UUID;
BEGIN
    IF (create_team.organization_id = ANY (public.my_managed_organization_ids())) IS NOT TRUE THEN
        RAISE EXCEPTION 'only owners and admins of the organization create teams'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.teams (organization_id, name)
    VALUES (create_team.organization_id, team_name)
    RETURNING id INTO created;
    INSERT INTO public.team_members (team_id, user_id, role)
    VALUES (created, public.current_user_id(), 'owner');
    RETURN created;
END;
$$;

COMMENT ON FUNCTION create_team IS
'Creates a team in an organization that the caller owns or administers, with the caller as the
team''s owner, and returns its id. SQLSTATE 42501 for anybody else, whether or not the
organization exists.';

-- Runs as its owner on purpose: users shows a caller only himself.
CREATE VIEW user_profiles WITH (security_barrier = TRUE) AS
SELECT
    u.id,
    u.name,
    u.avatar_url
FROM users AS u
WHERE
    u.id = (SELECT current_user_id())
    OR u.id IN (
        SELECT m.user_id FROM team_members AS m
        WHERE m.team_id = any((SELECT my_team_ids())::UUID[])
    );

COMMENT ON VIEW user_profiles IS
'What people who share a team see of each other: no address, no preferences.
A security barrier, so that no function in a caller''s WHERE sees other rows.';

ALTER VIEW user_profiles OWNER TO pipeline_owner;
ALTER FUNCTION keep_team_owner() OWNER TO pipeline_owner;
ALTER FUNCTION keep_organization_owner() OWNER TO pipeline_owner;
ALTER FUNCTION create_organization(TEXT, TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION create_team(UUID, TEXT) OWNER TO pipeline_owner;

REVOKE ALL ON FUNCTION keep_team_owner() FROM public;
REVOKE ALL ON FUNCTION keep_organization_owner() FROM public;
REVOKE ALL ON FUNCTION create_organization(TEXT, TEXT) FROM public;
REVOKE ALL ON FUNCTION create_team(UUID, TEXT) FROM public;
GRANT EXECUTE ON FUNCTION create_organization(TEXT, TEXT) TO pipeline_app;
GRANT EXECUTE ON FUNCTION create_team(UUID, TEXT) TO pipeline_app;
