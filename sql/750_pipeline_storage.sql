-- Pipelines as YAML: rows from what was read of a file. Everything runs as the caller, under row
-- security.

CREATE FUNCTION yaml.check_team(team_id UUID) RETURNS VOID
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF public.current_user_id() IS NULL AND public.acts_as_owner() THEN
        IF EXISTS (SELECT FROM public.teams AS t WHERE t.id = check_team.team_id) THEN
            RETURN;
        END IF;
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('there is no team %s', team_id),
            HINT = 'SELECT id, name FROM teams;';
    ELSIF team_id = ANY (public.my_writable_team_ids()) THEN
        RETURN;
    ELSIF team_id = ANY (public.my_team_ids()) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('user %s is only a viewer of team %s', public.current_user_id(), team_id),
            HINT = 'Its owners, admins and members write pipelines.';
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
        MESSAGE = coalesce(
            format('user %s is in no team %s', public.current_user_id(), team_id),
            'nobody is logged in: the session acts for no user'),
        HINT = yaml.team_hint();
END;
$$;
COMMENT ON FUNCTION yaml.check_team(UUID) IS
'Refuses, before row security would, to import into a team that the caller cannot write in, saying why: SQLSTATE 42501. An owner who acts for a user is held to what that user may.';

CREATE FUNCTION yaml.team_hint() RETURNS TEXT
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    max_named CONSTANT INTEGER := 10;
    named TEXT;
BEGIN
    IF public.current_user_id() IS NULL AND NOT public.acts_as_owner() THEN
        RETURN 'Set app.user_id to the user''s id (schema-tool: --user UUID).';
    END IF;
    SELECT string_agg(format('%s (%s)', t.id, t.name), ', ') INTO named
    FROM (
        SELECT o.id, o.name FROM public.teams AS o
        WHERE o.id = ANY (public.my_writable_team_ids()) OR public.current_user_id() IS NULL
        ORDER BY o.name, o.id LIMIT max_named
    ) AS t;
    RETURN coalesce(
        'Name the team that the pipeline is for: ' || named,
        format('User %s writes in no team: is the id right?', public.current_user_id()),
        'There is no team yet: SELECT create_team(...).');
END;
$$;
COMMENT ON FUNCTION yaml.team_hint() IS
'What to do when it is not clear which team a pipeline is for: who to be, or up to ten teams to choose from.';

CREATE FUNCTION yaml.import_team(team_id UUID) RETURNS UUID
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    teams UUID[] := public.my_writable_team_ids();
BEGIN
    IF team_id IS NOT NULL THEN
        PERFORM yaml.check_team(team_id);
        RETURN team_id;
    ELSIF cardinality(teams) = 1 THEN
        RETURN teams[1];
    END IF;
    RAISE EXCEPTION USING
        ERRCODE = 'YP004',
        MESSAGE = CASE
            WHEN public.current_user_id() IS NULL THEN 'no team is named, and the session acts for no user'
            ELSE format('no team is named, and user %s writes in %s teams',
                public.current_user_id(), cardinality(teams)) END,
        HINT = yaml.team_hint();
END;
$$;
COMMENT ON FUNCTION yaml.import_team(UUID) IS
'The team given, else the only one that the caller can write in; YP004 if there is not exactly one, 42501 if he may not write in it.';

CREATE FUNCTION yaml.lock_pipeline(target UUID, team_id UUID) RETURNS VOID
LANGUAGE plpgsql
AS $$
DECLARE
    its_team UUID;
BEGIN
    SELECT p.team_id INTO its_team FROM public.pipelines AS p WHERE p.id = target;
    IF its_team IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('there is no pipeline %s that the caller may write', target);
    ELSIF its_team <> team_id THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('pipeline %s is not of team %s but of %s', target, team_id, its_team);
    END IF;
    PERFORM yaml.check_team(its_team);
    PERFORM FROM public.pipelines AS p WHERE p.id = target FOR NO KEY UPDATE;
END;
$$;
COMMENT ON FUNCTION yaml.lock_pipeline(UUID, UUID) IS
'Locks the pipeline that a file is imported into, of the team if one is named; 42501 if the caller may not write it.';

CREATE FUNCTION yaml.store_pipeline(
    source TEXT, path TEXT[], fields RECORD, from_v1 BOOLEAN, team_id UUID,
    INOUT target UUID, OUT is_changed BOOLEAN
)
LANGUAGE plpgsql
AS $$
BEGIN
    IF target IS NULL THEN
        INSERT INTO public.pipelines (
            team_id, name, description, yaml_version, config, defaults, authentication, tags, key_order
        ) VALUES (
            yaml.import_team(store_pipeline.team_id), fields.name, fields.description,
            CASE WHEN from_v1 THEN 'v1' ELSE 'v2' END, fields.config, fields.defaults,
            fields.authentication, fields.tags, fields.key_order
        ) RETURNING id INTO target;
        is_changed := TRUE;
        RETURN;
    END IF;
    PERFORM yaml.lock_pipeline(target, team_id);
    UPDATE public.pipelines AS p SET
        name = fields.name, description = fields.description, config = fields.config,
        defaults = fields.defaults, authentication = fields.authentication, tags = fields.tags,
        key_order = fields.key_order, yaml_version = CASE WHEN from_v1 THEN 'v1' ELSE p.yaml_version END
    WHERE p.id = target AND (
        p.name, p.description, p.config, p.defaults, p.authentication, p.tags, p.key_order,
        from_v1 AND p.yaml_version <> 'v1'
    ) IS DISTINCT FROM (
        fields.name, fields.description, fields.config, fields.defaults, fields.authentication,
        fields.tags, fields.key_order, FALSE
    );
    is_changed := FOUND;
EXCEPTION
    -- the only index whose entries a file can make too long
    WHEN program_limit_exceeded THEN
        PERFORM yaml.fail_at('YP001', source, path || 'environment'::TEXT,
            'environment is too large for the index idx_pipelines_config_env', 'less than 2600 bytes');
END;
$$;
COMMENT ON FUNCTION yaml.store_pipeline(TEXT, TEXT[], RECORD, BOOLEAN, UUID, UUID) IS
'Inserts the row of a pipeline, or updates target if it is given and differs. fields: what yaml.pipeline_row() made of the source.';

CREATE FUNCTION yaml.known_steps(target UUID, steps JSONB) RETURNS JSONB
LANGUAGE plpgsql
SET enable_nestloop = off
AS $$
BEGIN
    RETURN (
        WITH known AS MATERIALIZED (
            -- VOLATILE, so that every new step gets its id here, once: its children need it, too
            SELECT n.name, coalesce(s.id, gen_random_uuid()) AS id
            FROM jsonb_to_recordset(steps) AS n (name TEXT)
            LEFT JOIN public.steps AS s ON s.pipeline_id = target AND s.name = n.name
        )
        SELECT jsonb_agg(n.node || jsonb_build_object('id', k.id, 'parent_step_id', p.id))
        FROM jsonb_array_elements(steps) AS n (node)
        INNER JOIN known AS k ON n.node ->> 'name' = k.name
        LEFT JOIN known AS p ON n.node ->> 'parent' = p.name
    );
END;
$$;
COMMENT ON FUNCTION yaml.known_steps(UUID, JSONB) IS
'The steps given, each with its id and that of its parent: a step keeps its id by its name, and with it its comments and its place on the canvas; a new one gets one.';

CREATE FUNCTION yaml.removed_steps(target UUID, steps JSONB) RETURNS TEXT[]
LANGUAGE plpgsql STABLE
SET enable_nestloop = off
AS $$
BEGIN
    RETURN ARRAY(
        SELECT format('step "%s": removed', s.name) || CASE count(c.id)
            WHEN 0 THEN '' WHEN 1 THEN ', with its comment' ELSE format(', with its %s comments', count(c.id)) END
        FROM public.steps AS s
        LEFT JOIN public.comments AS c ON c.pipeline_id = target AND s.id = c.step_id
        WHERE s.pipeline_id = target AND NOT EXISTS (
            SELECT FROM jsonb_to_recordset(steps) AS n (name TEXT) WHERE n.name = s.name
        )
        GROUP BY s.name ORDER BY s.name
    );
END;
$$;
COMMENT ON FUNCTION yaml.removed_steps(UUID, JSONB) IS
'What yaml.store_steps() is about to delete, for the report: a step renamed in the file is a removed one, and what people said about it goes with it.';

CREATE FUNCTION yaml.store_steps(target UUID, steps JSONB) RETURNS INTEGER
LANGUAGE plpgsql
SET enable_nestloop = off
AS $$
DECLARE
    rows JSONB := yaml.known_steps(target, steps);
    merged INTEGER;
    deleted INTEGER;
BEGIN
    MERGE INTO public.steps AS s
    USING jsonb_to_recordset(rows) AS n (
        id UUID, name TEXT, type TEXT, branch TEXT, order_index INTEGER, level INTEGER,
        config JSONB, key_order JSONB, parent_step_id UUID
    ) ON s.id = n.id AND s.pipeline_id = target
    -- not left to the trigger a_skip_unchanged, which takes a compressed value for a changed one
    WHEN MATCHED AND
        (s.type, s.config, s.key_order, s.parent_step_id, s.branch, s.order_index)
        IS DISTINCT FROM
        (n.type, n.config, n.key_order, n.parent_step_id, n.branch, n.order_index)
    THEN UPDATE SET
        type = n.type, config = n.config, key_order = n.key_order,
        parent_step_id = n.parent_step_id, branch = n.branch, order_index = n.order_index,
        -- the editor's own, unless it is the file that has changed its mind
        enabled = CASE WHEN n.config -> 'enabled' IS DISTINCT FROM s.config -> 'enabled'
            THEN n.config -> 'enabled' IS DISTINCT FROM 'false' ELSE s.enabled END
    WHEN NOT MATCHED THEN INSERT (
        id, pipeline_id, name, type, config, key_order, parent_step_id, branch, order_index,
        enabled, position_x, position_y
    ) VALUES (
        n.id, target, n.name, n.type, n.config, n.key_order, n.parent_step_id, n.branch, n.order_index,
        n.config -> 'enabled' IS DISTINCT FROM 'false', n.order_index * 280, n.level * 160
    );
    GET DIAGNOSTICS merged = ROW_COUNT;
    DELETE FROM public.steps AS s
    WHERE s.pipeline_id = target AND NOT EXISTS (
        SELECT FROM jsonb_to_recordset(steps) AS n (name TEXT) WHERE n.name = s.name
    );
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN merged + deleted;
END;
$$;
COMMENT ON FUNCTION yaml.store_steps(UUID, JSONB) IS
'Makes the steps of a pipeline those given and returns how many rows that wrote: same names are updated, new ones inserted, the others deleted. New steps stand in rows by level on the canvas.';

CREATE FUNCTION yaml.stored_links(target UUID, steps JSONB) RETURNS JSONB
LANGUAGE plpgsql STABLE
SET enable_nestloop = off
AS $$
DECLARE
    stored JSONB := (
        SELECT coalesce(jsonb_agg(jsonb_build_object('name', s.name, 'type', s.type, 'config', s.config)), '[]')
        FROM public.steps AS s WHERE s.pipeline_id = target
    );
    -- with other variables of loops the same config may imply something else
    is_as_before BOOLEAN := yaml.loop_variables(stored) = yaml.loop_variables(steps);
BEGIN
    RETURN (
        SELECT yaml.link_list(coalesce(jsonb_agg(
            -- else what the same config implied it implies still: not asked, since asking is dear
            CASE WHEN is_as_before AND n.config = (o.node -> 'config')
                THEN o.node || jsonb_build_object('config', jsonb_build_object(
                    'iterator', n.config -> 'iterator', 'as', n.config -> 'as'))
                ELSE o.node END
        ), '[]'))
        FROM jsonb_array_elements(stored) AS o (node)
        LEFT JOIN jsonb_to_recordset(steps) AS n (name TEXT, config JSONB) ON o.node ->> 'name' = n.name
    );
END;
$$;
COMMENT ON FUNCTION yaml.stored_links(UUID, JSONB) IS
'The connections that the stored configs imply, in the form of yaml.link_list(); those that the given steps certainly imply as well may be missing.';

CREATE FUNCTION yaml.store_connections(target UUID, old_links JSONB, new_links JSONB)
RETURNS INTEGER
LANGUAGE plpgsql
SET enable_nestloop = off
AS $$
DECLARE
    deleted INTEGER;
    inserted INTEGER;
BEGIN
    -- those that the old configs implied and the new ones do not; what was drawn by hand stays
    DELETE FROM public.connections AS c
    USING public.steps AS f, public.steps AS t, (
        SELECT o.* FROM jsonb_to_recordset(old_links) AS o (
            from_step TEXT, to_step TEXT, from_output TEXT, to_input TEXT
        )
        EXCEPT
        SELECT n.* FROM jsonb_to_recordset(new_links) AS n (
            from_step TEXT, to_step TEXT, from_output TEXT, to_input TEXT
        )
    ) AS gone
    WHERE c.pipeline_id = target AND f.id = c.from_step_id AND t.id = c.to_step_id
        AND f.pipeline_id = target AND t.pipeline_id = target
        AND gone.from_step = f.name AND gone.to_step = t.name
        AND gone.from_output = c.from_output AND gone.to_input = c.to_input;
    GET DIAGNOSTICS deleted = ROW_COUNT;

    INSERT INTO public.connections (pipeline_id, from_step_id, to_step_id, from_output, to_input)
    SELECT DISTINCT target, f.id, t.id, d.from_output, d.to_input
    FROM jsonb_to_recordset(new_links) AS d (
        from_step TEXT, to_step TEXT, from_output TEXT, to_input TEXT, problem TEXT
    )
    INNER JOIN public.steps AS f ON f.pipeline_id = target AND d.from_step = f.name
    INNER JOIN public.steps AS t ON t.pipeline_id = target AND d.to_step = t.name
    LEFT JOIN public.connections AS c ON c.pipeline_id = target
        AND c.from_step_id = f.id AND c.to_step_id = t.id
        AND d.from_output = c.from_output AND d.to_input = c.to_input
    WHERE d.problem IS NULL AND c.id IS NULL
    ON CONFLICT (from_step_id, to_step_id, from_output, to_input) DO NOTHING;
    GET DIAGNOSTICS inserted = ROW_COUNT;
    RETURN deleted + inserted;
END;
$$;
COMMENT ON FUNCTION yaml.store_connections(UUID, JSONB, JSONB) IS
'Draws the connections that the new configs imply (yaml.link_list()), takes away those that only the old ones implied, and returns how many rows that wrote.';

ALTER FUNCTION yaml.check_team(UUID) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.team_hint() OWNER TO pipeline_owner;
ALTER FUNCTION yaml.import_team(UUID) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.lock_pipeline(UUID, UUID) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.store_pipeline(TEXT, TEXT[], RECORD, BOOLEAN, UUID, UUID)
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.known_steps(UUID, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.removed_steps(UUID, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.store_steps(UUID, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.stored_links(UUID, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.store_connections(UUID, JSONB, JSONB) OWNER TO pipeline_owner;
