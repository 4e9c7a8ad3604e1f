-- Steps that move to another pipeline, and pipelines that are copied.

CREATE FUNCTION move_step(
    step_id UUID,
    target_pipeline_id UUID,
    target_parent_id UUID DEFAULT NULL,
    target_branch TEXT DEFAULT 'steps'
) RETURNS INTEGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moved UUID[];
    inner_connections public.connections[];
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.pipelines AS p
        WHERE p.id = target_pipeline_id
            AND (p.team_id = ANY (public.my_writable_team_ids()) OR public.acts_as_owner())
    ) THEN
        RAISE EXCEPTION 'no pipeline % that you may write', target_pipeline_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    WITH RECURSIVE subtree AS (
        SELECT s.id FROM public.steps AS s
        WHERE s.id = move_step.step_id
            AND (s.team_id = ANY (public.my_writable_team_ids()) OR public.acts_as_owner())
        UNION ALL
        SELECT s.id FROM subtree AS t INNER JOIN public.steps AS s ON t.id = s.parent_step_id
    )
    SELECT array_agg(t.id) INTO moved FROM subtree AS t;
    IF moved IS NULL THEN
        RAISE EXCEPTION 'no step % that you may write', move_step.step_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (
        SELECT FROM public.steps AS s
        WHERE s.id = move_step.step_id AND s.pipeline_id = target_pipeline_id
    ) THEN
        RETURN 0;
    END IF;

    -- Connections cannot change pipeline while their ends are on the way: those between two moved
    -- steps are made again, the others end here.
    WITH dropped AS (
        DELETE FROM public.connections AS c
        WHERE c.from_step_id = ANY (moved) OR c.to_step_id = ANY (moved)
        RETURNING c.*
    )
    SELECT array_agg(d) INTO inner_connections FROM dropped AS d
    WHERE d.from_step_id = ANY (moved) AND d.to_step_id = ANY (moved);
    -- One statement, since the keys of parent and child hold only together.
    UPDATE public.steps AS s SET
        pipeline_id = target_pipeline_id,
        parent_step_id = CASE
            WHEN s.id <> move_step.step_id THEN s.parent_step_id ELSE target_parent_id
        END,
        branch = CASE WHEN s.id <> move_step.step_id THEN s.branch ELSE target_branch END
    WHERE s.id = ANY (moved);
    INSERT INTO public.connections (
        id, pipeline_id, from_step_id, to_step_id, from_output, to_input, path_data, created_at
    )
    SELECT
        c.id, target_pipeline_id, c.from_step_id, c.to_step_id, c.from_output, c.to_input,
        c.path_data, c.created_at
    FROM unnest(inner_connections) AS c;
    RETURN cardinality(moved);
END;
$$;

COMMENT ON FUNCTION move_step IS
'Moves a step to another pipeline, to its top level or into one of its steps, with the steps inside it,
their comments and the connections among them; connections to other steps are dropped. Returns the
number of steps moved, 0 when it is there already. Runs under row security. SQLSTATE 42501 when the
caller may not write both pipelines, 23505 when a name is taken there, 23503 when the new parent is
not there.';

CREATE FUNCTION fork_pipeline(
    pipeline_id UUID, fork_name TEXT DEFAULT NULL, target_team_id UUID DEFAULT NULL
) RETURNS UUID
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    fork_id CONSTANT UUID := gen_random_uuid();
    team UUID;
BEGIN
    INSERT INTO public.pipelines (
        id, team_id, created_by, name, description, yaml_version, config, defaults,
        authentication, tags, parent_pipeline_id, key_order
    )
    SELECT
        fork_id, coalesce(target_team_id, p.team_id), public.current_user_id(),
        coalesce(fork_name, p.name), p.description, p.yaml_version, p.config, p.defaults,
        p.authentication, p.tags, p.id, p.key_order
    FROM public.pipelines AS p WHERE p.id = fork_pipeline.pipeline_id
    RETURNING team_id INTO team;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no pipeline % that you can see', fork_pipeline.pipeline_id
            USING ERRCODE = 'no_data_found';
    END IF;

    WITH copies AS MATERIALIZED (
        SELECT s.id AS old_id, gen_random_uuid() AS new_id
        FROM public.steps AS s WHERE s.pipeline_id = fork_pipeline.pipeline_id
    ), copied_steps AS (
        INSERT INTO public.steps (
            id, pipeline_id, team_id, name, type, enabled, config, position_x, position_y,
            width, height, parent_step_id, branch, order_index, key_order
        )
        SELECT
            c.new_id, fork_id, team, s.name, s.type, s.enabled, s.config, s.position_x,
            s.position_y, s.width, s.height, parent.new_id, s.branch, s.order_index, s.key_order
        FROM public.steps AS s
        INNER JOIN copies AS c ON s.id = c.old_id
        LEFT JOIN copies AS parent ON s.parent_step_id = parent.old_id
    )
    INSERT INTO public.connections (
        pipeline_id, team_id, from_step_id, to_step_id, from_output, to_input, path_data
    )
    SELECT fork_id, team, f.new_id, t.new_id, c.from_output, c.to_input, c.path_data
    FROM public.connections AS c
    INNER JOIN copies AS f ON c.from_step_id = f.old_id
    INNER JOIN copies AS t ON c.to_step_id = t.old_id;
    RETURN fork_id;
END;
$$;

COMMENT ON FUNCTION fork_pipeline IS
'Copies a pipeline with steps and connections as a draft of the caller, into its own team or another
one, and returns the copy''s id. Comments and versions stay behind. Runs under row security. SQLSTATE
P0002 when the caller cannot see the pipeline, 42501 when he may not write the target team.';

ALTER FUNCTION move_step(UUID, UUID, UUID, TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION fork_pipeline(UUID, TEXT, UUID) OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION move_step(UUID, UUID, UUID, TEXT) FROM public;
REVOKE ALL ON FUNCTION fork_pipeline(UUID, TEXT, UUID) FROM public;
GRANT EXECUTE ON FUNCTION move_step(UUID, UUID, UUID, TEXT) TO pipeline_app;
GRANT EXECUTE ON FUNCTION fork_pipeline(UUID, TEXT, UUID) TO pipeline_app;
