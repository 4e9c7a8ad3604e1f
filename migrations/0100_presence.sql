-- Who is looking at which pipeline right now. Ephemeral, not synchronised.
--
-- depends: 0090_comments

CREATE TABLE presence (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    pipeline_id UUID NOT NULL,
    team_id UUID NOT NULL,
    user_id UUID NOT NULL DEFAULT current_user_id(),
    cursor_x DOUBLE PRECISION,
    cursor_y DOUBLE PRECISION,
    selected_step_ids UUID[] NOT NULL DEFAULT '{}',
    status TEXT NOT NULL DEFAULT 'active',
    last_seen TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT presence_pkey PRIMARY KEY (id),
    CONSTRAINT presence_pipeline_id_user_id_key UNIQUE (pipeline_id, user_id),
    CONSTRAINT presence_pipeline_id_team_id_fkey FOREIGN KEY (pipeline_id, team_id)
    REFERENCES pipelines (id, team_id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT presence_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT presence_cursor_check CHECK (
        cursor_x > '-infinity' AND cursor_x < 'infinity'
        AND cursor_y > '-infinity' AND cursor_y < 'infinity'
    ),
    CONSTRAINT presence_status_check CHECK (status IN ('active', 'idle', 'away')),
    CONSTRAINT presence_last_seen_check CHECK (isfinite(last_seen))
);

COMMENT ON TABLE presence IS
'One row a user and pipeline, seen by the team, written by that user only.';
COMMENT ON COLUMN presence.team_id IS
'The pipeline''s team, kept true by the foreign key; filled in when an insert omits it.';
COMMENT ON COLUMN presence.cursor_x IS 'On the canvas, in pixels; NULL: the pointer is elsewhere.';
COMMENT ON COLUMN presence.cursor_y IS 'On the canvas, in pixels; NULL: the pointer is elsewhere.';
COMMENT ON COLUMN presence.selected_step_ids IS
'What the user has selected; may name steps that are gone.';
COMMENT ON COLUMN presence.last_seen IS
'Rows not seen for a minute or so are stale. Never later than the server''s clock.';

CREATE INDEX presence_pipeline_id_team_id_idx ON presence (pipeline_id) INCLUDE (team_id);
CREATE INDEX presence_user_id_idx ON presence (user_id);
CREATE INDEX presence_last_seen_idx ON presence (last_seen);
COMMENT ON INDEX presence_pipeline_id_team_id_idx IS
'A pipeline that is deleted or changes its team.';
COMMENT ON INDEX presence_user_id_idx IS 'Deleting a user.';
COMMENT ON INDEX presence_last_seen_idx IS 'expire_presence().';

CREATE FUNCTION cap_last_seen() RETURNS TRIGGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.last_seen := now();
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION cap_last_seen IS 'Trigger: sets last_seen to now.';

CREATE TRIGGER cap_last_seen BEFORE INSERT OR UPDATE ON presence
FOR EACH ROW WHEN (new.last_seen > now()) EXECUTE FUNCTION cap_last_seen();
COMMENT ON TRIGGER cap_last_seen ON presence IS 'Nobody is present for ever.';

CREATE TRIGGER fill_team_id_on_insert BEFORE INSERT ON presence
FOR EACH ROW WHEN (new.team_id IS NULL) EXECUTE FUNCTION fill_team_id();
COMMENT ON TRIGGER fill_team_id_on_insert ON presence IS
'Inserts that only name the pipeline keep working.';

CREATE FUNCTION touch_presence(
    pipeline_id UUID,
    cursor_x DOUBLE PRECISION DEFAULT NULL,
    cursor_y DOUBLE PRECISION DEFAULT NULL,
    selected_step_ids UUID[] DEFAULT '{}',
    status TEXT DEFAULT 'active'
) RETURNS VOID
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO public.presence AS p
        (pipeline_id, user_id, cursor_x, cursor_y, selected_step_ids, status, last_seen)
    VALUES (
        touch_presence.pipeline_id, public.current_user_id(), touch_presence.cursor_x,
        touch_presence.cursor_y, touch_presence.selected_step_ids, touch_presence.status, now()
    )
    ON CONFLICT (pipeline_id, user_id) DO UPDATE SET
        cursor_x = excluded.cursor_x,
        cursor_y = excluded.cursor_y,
        selected_step_ids = excluded.selected_step_ids,
        status = excluded.status,
        last_seen = excluded.last_seen
$$;

COMMENT ON FUNCTION touch_presence IS
'Says that the caller is at a pipeline, with pointer and selection. Runs under row security:
SQLSTATE 42501 for a pipeline of another team, 23502 or 42501 for nobody.';

CREATE FUNCTION expire_presence(max_age INTERVAL DEFAULT '1 minute') RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    expired BIGINT;
BEGIN
    -- Anybody may call it, and nobody may hide others who are there.
    IF max_age IS NULL OR max_age < INTERVAL '30 seconds' THEN
        RAISE EXCEPTION 'presence younger than 30 seconds does not expire'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    DELETE FROM public.presence WHERE last_seen < now() - max_age;
    GET DIAGNOSTICS expired = ROW_COUNT;
    RETURN expired;
END;
$$;

COMMENT ON FUNCTION expire_presence IS
'Deletes the presence, in all teams, of whoever was last seen more than max_age ago; returns how
many. SQLSTATE 22023 below 30 seconds.';

ALTER TABLE presence OWNER TO pipeline_owner;
ALTER FUNCTION cap_last_seen() OWNER TO pipeline_owner;
ALTER FUNCTION touch_presence(UUID, DOUBLE PRECISION, DOUBLE PRECISION, UUID[], TEXT)
OWNER TO pipeline_owner;
ALTER FUNCTION expire_presence(INTERVAL) OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION cap_last_seen() FROM public;
REVOKE ALL ON FUNCTION touch_presence(UUID, DOUBLE PRECISION, DOUBLE PRECISION, UUID[], TEXT)
FROM public;
REVOKE ALL ON FUNCTION expire_presence(INTERVAL) FROM public;
GRANT EXECUTE ON FUNCTION touch_presence(UUID, DOUBLE PRECISION, DOUBLE PRECISION, UUID[], TEXT)
TO pipeline_app;
GRANT EXECUTE ON FUNCTION expire_presence(INTERVAL) TO pipeline_app;
