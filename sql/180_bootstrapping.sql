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
