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
