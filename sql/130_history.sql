-- Making, restoring and comparing versions. What makes JSON of a row sets how times and
-- floats are printed: states are compared, and must not depend on the session.

CREATE FUNCTION pipeline_state(
    pipeline_id UUID, OUT pipeline JSONB, OUT steps JSONB, OUT connections JSONB
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET extra_float_digits = 1
AS $$
    SELECT
        (
            SELECT to_jsonb(p) - '{team_id,updated_at,search_vector}'::TEXT[]
            FROM public.pipelines AS p WHERE p.id = pipeline_state.pipeline_id
        ),
        (
            SELECT coalesce(jsonb_agg(
                to_jsonb(s) - '{pipeline_id,team_id,updated_at}'::TEXT[] ORDER BY s.id
            ), '[]')
            FROM public.steps AS s WHERE s.pipeline_id = pipeline_state.pipeline_id
        ),
        (
            SELECT coalesce(jsonb_agg(
                to_jsonb(c) - '{pipeline_id,team_id}'::TEXT[] ORDER BY c.id
            ), '[]')
            FROM public.connections AS c WHERE c.pipeline_id = pipeline_state.pipeline_id
        )
$$;

COMMENT ON FUNCTION pipeline_state IS
'The present state of a pipeline in the form that pipeline_versions keeps. Runs under row security:
pipeline is NULL and the arrays are empty when the caller may not read it.';

CREATE FUNCTION create_pipeline_version(pipeline_id UUID, change_summary TEXT DEFAULT NULL)
RETURNS INTEGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    team UUID;
    number INTEGER;
BEGIN
    SELECT p.team_id INTO team FROM public.pipelines AS p
    WHERE p.id = create_pipeline_version.pipeline_id
        AND (p.team_id = ANY (public.my_writable_team_ids()) OR public.acts_as_owner());
    IF team IS NULL THEN
        RAISE EXCEPTION 'no pipeline % that you may write', create_pipeline_version.pipeline_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Numbers are given one at a time; a later SELECT sees what the holder before us committed.
    PERFORM FROM public.pipelines AS p
    WHERE p.id = create_pipeline_version.pipeline_id FOR NO KEY UPDATE;
    SELECT coalesce(max(v.version_number), 0) + 1 INTO number
    FROM public.pipeline_versions AS v
    WHERE v.pipeline_id = create_pipeline_version.pipeline_id;

    INSERT INTO public.pipeline_versions (
        pipeline_id, version_number, pipeline_snapshot, steps_snapshot, connections_snapshot,
        change_summary
    )
    SELECT
        create_pipeline_version.pipeline_id, number, s.pipeline, s.steps, s.connections,
        create_pipeline_version.change_summary
    FROM public.pipeline_state(create_pipeline_version.pipeline_id) AS s;
    RETURN number;
END;
$$;

COMMENT ON FUNCTION create_pipeline_version IS
'Keeps the present state of a pipeline as its next version and returns the version''s number. Runs as
the owner, so that nobody can insert a version that never was. SQLSTATE 42501 when the caller may
not write the pipeline, or there is none.';

-- The steps of a version that have since moved to another pipeline come back. What was put inside
-- them there and is not part of the version stays there, at the top level.
CREATE FUNCTION take_back_steps(target_pipeline_id UUID, step_ids UUID[]) RETURNS VOID
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    away UUID[];
BEGIN
    SELECT array_agg(s.id) INTO away FROM public.steps AS s
    WHERE s.id = ANY (step_ids) AND s.pipeline_id <> target_pipeline_id;
    IF away IS NULL THEN
        RETURN;
    END IF;
    DELETE FROM public.connections AS c
    WHERE c.from_step_id = ANY (away) OR c.to_step_id = ANY (away);
    UPDATE public.steps AS s SET parent_step_id = NULL, branch = 'steps'
    WHERE s.parent_step_id = ANY (away) AND NOT s.id = ANY (step_ids);
    UPDATE public.steps AS s SET pipeline_id = target_pipeline_id, parent_step_id = NULL
    WHERE s.id = ANY (away);
END;
$$;

COMMENT ON FUNCTION take_back_steps IS
'Part of restore_pipeline_version(). Runs under row security.';

CREATE FUNCTION drop_other_connections(target_id UUID, snapshot JSONB) RETURNS VOID
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM public.connections AS c
    WHERE c.pipeline_id = target_id AND NOT EXISTS (
        SELECT FROM jsonb_populate_recordset(NULL::public.connections, snapshot) AS v
        WHERE v.id = c.id
            AND (v.from_step_id, v.to_step_id, v.from_output, v.to_input, v.created_at)
            = (c.from_step_id, c.to_step_id, c.from_output, c.to_input, c.created_at)
    );
    -- Those of the version that are in another pipeline now are made again in this one.
    DELETE FROM public.connections AS c
    WHERE c.pipeline_id <> target_id AND c.id = ANY (ARRAY(
        SELECT (e ->> 'id')::UUID FROM jsonb_array_elements(snapshot) AS e
    ));
$$;

COMMENT ON FUNCTION drop_other_connections IS
'Part of restore_pipeline_version(): deletes what stands in the way of a snapshot''s connections. Runs
under row security.';

CREATE FUNCTION restore_steps(target_id UUID, target_team_id UUID, snapshot JSONB)
RETURNS VOID
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kept CONSTANT UUID[] := ARRAY(
        SELECT (e ->> 'id')::UUID FROM jsonb_array_elements(snapshot) AS e
    );
BEGIN
    -- Names may be swapped, or still be held by a step that is deleted below.
    SET CONSTRAINTS public.unique_step_name DEFERRED;
    PERFORM public.take_back_steps(target_id, kept);
    MERGE INTO public.steps AS s
    USING (SELECT * FROM jsonb_populate_recordset(NULL::public.steps, snapshot)) AS v
    ON s.id = v.id AND s.pipeline_id = target_id
    WHEN MATCHED AND (
        s.name, s.type, s.enabled, s.config, s.position_x, s.position_y, s.width, s.height,
        s.parent_step_id, s.branch, s.order_index, s.key_order, s.created_at
    ) IS DISTINCT FROM (
        v.name, v.type, v.enabled, v.config, v.position_x, v.position_y, v.width, v.height,
        v.parent_step_id, v.branch, v.order_index, v.key_order, v.created_at
    ) THEN UPDATE SET
        name = v.name, type = v.type, enabled = v.enabled, config = v.config,
        position_x = v.position_x, position_y = v.position_y,
        width = v.width, height = v.height,
        parent_step_id = v.parent_step_id, branch = v.branch,
        order_index = v.order_index, key_order = v.key_order, created_at = v.created_at
    WHEN NOT MATCHED THEN INSERT (
        id, pipeline_id, team_id, name, type, enabled, config, position_x, position_y,
        width, height, parent_step_id, branch, order_index, key_order, created_at
    ) VALUES (
        v.id, target_id, target_team_id, v.name, v.type, v.enabled, v.config, v.position_x,
        v.position_y, v.width, v.height, v.parent_step_id, v.branch, v.order_index,
        v.key_order, v.created_at
    );
    -- Last, when nothing that stays is inside them any more.
    DELETE FROM public.steps AS s WHERE s.pipeline_id = target_id AND NOT s.id = ANY (kept);
    SET CONSTRAINTS public.unique_step_name IMMEDIATE;
END;
$$;

COMMENT ON FUNCTION restore_steps IS
'Part of restore_pipeline_version(): makes the steps of a pipeline those of a snapshot, writing only
the rows that differ. Runs under row security.';

-- Whoever edits a step holds its row until his commit, which then waits for the pipeline (see
-- 120_touch.sql). So rows are locked first and pipelines last, in the order of their ids.
CREATE FUNCTION lock_for_restore(target_id UUID, steps JSONB, connections JSONB) RETURNS VOID
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    pipeline_ids UUID[] := ARRAY[target_id];
BEGIN
    WITH locked AS (
        SELECT s.pipeline_id FROM public.steps AS s
        WHERE s.pipeline_id = target_id OR s.id = ANY (ARRAY(
            SELECT (e ->> 'id')::UUID FROM jsonb_array_elements(steps) AS e
        ))
        ORDER BY s.id FOR UPDATE
    )
    SELECT pipeline_ids || array_agg(DISTINCT l.pipeline_id) INTO pipeline_ids FROM locked AS l;
    WITH locked AS (
        SELECT c.pipeline_id FROM public.connections AS c
        WHERE c.pipeline_id = target_id OR c.id = ANY (ARRAY(
            SELECT (e ->> 'id')::UUID FROM jsonb_array_elements(connections) AS e
        ))
        ORDER BY c.id FOR UPDATE
    )
    SELECT pipeline_ids || array_agg(DISTINCT l.pipeline_id) INTO pipeline_ids FROM locked AS l;
    PERFORM FROM public.pipelines AS p WHERE p.id = ANY (pipeline_ids)
    ORDER BY p.id FOR NO KEY UPDATE;
END;
$$;

COMMENT ON FUNCTION lock_for_restore IS
'Part of restore_pipeline_version(): waits for those who are editing what it is about to write. Runs
under row security.';

CREATE FUNCTION restore_pipeline_version(pipeline_id UUID, version_number INTEGER)
RETURNS INTEGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    target public.pipelines;
    wanted public.pipelines;
    version public.pipeline_versions;
BEGIN
    SELECT p.* INTO target FROM public.pipelines AS p
    WHERE p.id = restore_pipeline_version.pipeline_id
        AND (p.team_id = ANY (public.my_writable_team_ids()) OR public.acts_as_owner());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no pipeline % that you may write', restore_pipeline_version.pipeline_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT v.* INTO version FROM public.pipeline_versions AS v
    WHERE v.pipeline_id = target.id
        AND v.version_number = restore_pipeline_version.version_number;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'pipeline % has no version %', target.id,
            restore_pipeline_version.version_number
            USING ERRCODE = 'no_data_found';
    END IF;

    PERFORM public.lock_for_restore(
        target.id, version.steps_snapshot, version.connections_snapshot
    );
    -- Row security lets only those lock it who may still update it.
    SELECT p.* INTO STRICT target FROM public.pipelines AS p
    WHERE p.id = restore_pipeline_version.pipeline_id FOR NO KEY UPDATE;
    wanted := jsonb_populate_record(target, version.pipeline_snapshot);
    IF wanted.parent_pipeline_id IS DISTINCT FROM target.parent_pipeline_id
        AND NOT EXISTS (
            SELECT FROM public.pipelines AS p WHERE p.id = wanted.parent_pipeline_id
        ) THEN
        wanted.parent_pipeline_id := NULL;  -- deleted since
    END IF;
    UPDATE public.pipelines AS p SET
        name = wanted.name, description = wanted.description,
        yaml_version = wanted.yaml_version, status = wanted.status,
        config = wanted.config, defaults = wanted.defaults,
        authentication = wanted.authentication, tags = wanted.tags,
        is_template = wanted.is_template, parent_pipeline_id = wanted.parent_pipeline_id,
        key_order = wanted.key_order, published_at = wanted.published_at
    WHERE p.id = target.id;

    PERFORM public.drop_other_connections(target.id, version.connections_snapshot);
    PERFORM public.restore_steps(target.id, target.team_id, version.steps_snapshot);
    MERGE INTO public.connections AS c
    USING (
        SELECT * FROM jsonb_populate_recordset(
            NULL::public.connections, version.connections_snapshot
        )
    ) AS v
    ON c.id = v.id AND c.pipeline_id = target.id
    WHEN MATCHED AND c.path_data IS DISTINCT FROM v.path_data THEN
        UPDATE SET path_data = v.path_data
    WHEN NOT MATCHED THEN INSERT (
        id, pipeline_id, team_id, from_step_id, to_step_id, from_output, to_input,
        path_data, created_at
    ) VALUES (
        v.id, target.id, target.team_id, v.from_step_id, v.to_step_id, v.from_output,
        v.to_input, v.path_data, v.created_at
    );
    RETURN public.create_pipeline_version(
        target.id, format('Restored version %s', restore_pipeline_version.version_number)
    );
END;
$$;

COMMENT ON FUNCTION restore_pipeline_version IS
'Brings a pipeline back to one of its versions, keeps the result as a new version and returns its
number. Writes only rows that differ. Team, updated_at, authors and comments are not part of a
version; a step or connection that has moved to another pipeline comes back, without the connections
that it had there. Runs under row security. SQLSTATE 42501 when the caller may not write the
pipeline, P0002 when there is no such version, 23505 when a step or connection of the version now
belongs to a pipeline that he may not write.';

CREATE FUNCTION diff_rows(entity TEXT, old_rows JSONB, new_rows JSONB)
RETURNS TABLE (
    entity TEXT, entity_id UUID, change TEXT, changed_columns TEXT[], before JSONB, after JSONB
)
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT
        diff_rows.entity,
        (coalesce(o.e, n.e) ->> 'id')::UUID,
        CASE WHEN o.e IS NULL THEN 'added' WHEN n.e IS NULL THEN 'removed' ELSE 'changed' END,
        d.columns,
        CASE WHEN n.e IS NULL THEN o.e ELSE d.before END,
        CASE WHEN o.e IS NULL THEN n.e ELSE d.after END
    FROM jsonb_array_elements(diff_rows.old_rows) AS o (e)
    FULL JOIN jsonb_array_elements(diff_rows.new_rows) AS n (e) ON o.e -> 'id' = n.e -> 'id'
    CROSS JOIN LATERAL (
        SELECT
            array_agg(k ORDER BY k) AS columns,
            jsonb_object_agg(k, o.e -> k) AS before,
            jsonb_object_agg(k, n.e -> k) AS after
        FROM jsonb_object_keys(o.e || n.e) AS k
        WHERE o.e -> k IS DISTINCT FROM n.e -> k
    ) AS d
    WHERE o.e IS DISTINCT FROM n.e
$$;

COMMENT ON FUNCTION diff_rows IS 'Part of diff_pipeline_versions(): compares two arrays of rows.';

CREATE FUNCTION diff_pipeline_versions(pipeline_id UUID, a INTEGER, b INTEGER)
RETURNS TABLE (
    entity TEXT, entity_id UUID, change TEXT, changed_columns TEXT[], before JSONB, after JSONB
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    va public.pipeline_versions;
    vb public.pipeline_versions;
BEGIN
    SELECT v.* INTO va FROM public.pipeline_versions AS v
    WHERE v.pipeline_id = diff_pipeline_versions.pipeline_id AND v.version_number = a;
    SELECT v.* INTO vb FROM public.pipeline_versions AS v
    WHERE v.pipeline_id = diff_pipeline_versions.pipeline_id AND v.version_number = b;
    IF va.id IS NULL OR vb.id IS NULL THEN
        RAISE EXCEPTION 'pipeline % has no version %', diff_pipeline_versions.pipeline_id,
            CASE WHEN va.id IS NULL THEN a ELSE b END
            USING ERRCODE = 'no_data_found';
    END IF;
    RETURN QUERY
    SELECT * FROM public.diff_rows(
        'pipeline', jsonb_build_array(va.pipeline_snapshot), jsonb_build_array(vb.pipeline_snapshot)
    )
    UNION ALL
    SELECT * FROM public.diff_rows('step', va.steps_snapshot, vb.steps_snapshot)
    UNION ALL
    SELECT * FROM public.diff_rows(
        'connection', va.connections_snapshot, vb.connections_snapshot
    );
END;
$$;

COMMENT ON FUNCTION diff_pipeline_versions IS
'What changed from version a to version b: one row for the pipeline and for each step and connection
that was added, removed or changed. before and after hold the whole row, or of a changed one the
changed columns. Runs under row security; SQLSTATE P0002 when the caller sees no such version.';

ALTER FUNCTION pipeline_state(UUID) OWNER TO pipeline_owner;
ALTER FUNCTION create_pipeline_version(UUID, TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION take_back_steps(UUID, UUID[]) OWNER TO pipeline_owner;
ALTER FUNCTION drop_other_connections(UUID, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION restore_steps(UUID, UUID, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION lock_for_restore(UUID, JSONB, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION restore_pipeline_version(UUID, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION diff_rows(TEXT, JSONB, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION diff_pipeline_versions(UUID, INTEGER, INTEGER) OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION pipeline_state(UUID) FROM public;
REVOKE ALL ON FUNCTION create_pipeline_version(UUID, TEXT) FROM public;
REVOKE ALL ON FUNCTION take_back_steps(UUID, UUID[]) FROM public;
REVOKE ALL ON FUNCTION drop_other_connections(UUID, JSONB) FROM public;
REVOKE ALL ON FUNCTION restore_steps(UUID, UUID, JSONB) FROM public;
REVOKE ALL ON FUNCTION lock_for_restore(UUID, JSONB, JSONB) FROM public;
REVOKE ALL ON FUNCTION restore_pipeline_version(UUID, INTEGER) FROM public;
REVOKE ALL ON FUNCTION diff_rows(TEXT, JSONB, JSONB) FROM public;
REVOKE ALL ON FUNCTION diff_pipeline_versions(UUID, INTEGER, INTEGER) FROM public;
GRANT EXECUTE ON FUNCTION pipeline_state(UUID) TO pipeline_app, pipeline_readonly;
GRANT EXECUTE ON FUNCTION create_pipeline_version(UUID, TEXT) TO pipeline_app;
GRANT EXECUTE ON FUNCTION take_back_steps(UUID, UUID[]) TO pipeline_app;
GRANT EXECUTE ON FUNCTION drop_other_connections(UUID, JSONB) TO pipeline_app;
GRANT EXECUTE ON FUNCTION restore_steps(UUID, UUID, JSONB) TO pipeline_app;
GRANT EXECUTE ON FUNCTION lock_for_restore(UUID, JSONB, JSONB) TO pipeline_app;
GRANT EXECUTE ON FUNCTION restore_pipeline_version(UUID, INTEGER) TO pipeline_app;
GRANT EXECUTE ON FUNCTION diff_rows(TEXT, JSONB, JSONB) TO pipeline_app, pipeline_readonly;
GRANT EXECUTE ON FUNCTION diff_pipeline_versions(UUID, INTEGER, INTEGER)
TO pipeline_app, pipeline_readonly;
