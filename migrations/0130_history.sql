-- Making, restoring and comparing versions. What makes JSON of a row sets how times and
-- floats are printed: states are compared, and must not depend on the session.
--
-- depends: 0120_touch

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

-- Undoing an entry of the change log.

-- The one part that takes the owner's rights: nobody may insert a pipeline in another's name, yet
-- a pipeline that comes back keeps its author. What it writes comes from the log alone.
CREATE FUNCTION reinsert_pipeline(change_id BIGINT) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    lost public.pipelines;
BEGIN
    SELECT r.* INTO lost
    FROM public.pipeline_changes AS c
    CROSS JOIN LATERAL jsonb_populate_record(NULL::public.pipelines, c.before) AS r
    WHERE c.id = change_id AND c.table_name = 'pipelines' AND c.operation = 'delete'
        AND (c.team_id = ANY (public.my_writable_team_ids()) OR public.acts_as_owner());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no change % that you may undo', change_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.pipelines (
        id, team_id, created_by, name, description, yaml_version, status, config, defaults,
        authentication, tags, is_template, parent_pipeline_id, key_order, created_at, published_at
    ) VALUES (
        lost.id, lost.team_id,
        (SELECT u.id FROM public.users AS u WHERE u.id = lost.created_by),
        lost.name, lost.description, lost.yaml_version, lost.status, lost.config, lost.defaults,
        lost.authentication, lost.tags, lost.is_template,
        (SELECT p.id FROM public.pipelines AS p WHERE p.id = lost.parent_pipeline_id),
        lost.key_order, lost.created_at, lost.published_at
    );
END;
$$;

COMMENT ON FUNCTION reinsert_pipeline IS
'Part of undo_change(): inserts the pipeline whose deletion the entry records. Users and pipelines to
which it referred and that are gone become NULL. SQLSTATE 42501 when the caller may not.';

CREATE FUNCTION undo_delete(change_id BIGINT) RETURNS INTEGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    change public.pipeline_changes;
    written INTEGER := 0;
    n INTEGER;
    step_ids UUID[];
BEGIN
    SELECT c.* INTO change FROM public.pipeline_changes AS c WHERE c.id = change_id;
    IF change.table_name = 'pipelines' THEN
        PERFORM public.reinsert_pipeline(change.id);
        written := 1;
    END IF;

    -- What a foreign key took along was deleted by the same statement, at the same instant.
    WITH RECURSIVE lost AS (
        SELECT c.row_id, c.table_name, c.before FROM public.pipeline_changes AS c
        WHERE c.pipeline_id = change.pipeline_id AND c.operation = 'delete'
            AND c.transaction_id = change.transaction_id AND c.changed_at = change.changed_at
    ), wanted AS (
        SELECT l.row_id, l.before FROM lost AS l
        WHERE l.table_name = 'steps'
            AND (change.table_name = 'pipelines' OR l.row_id = change.row_id)
        UNION
        SELECT l.row_id, l.before FROM lost AS l
        INNER JOIN wanted AS w ON l.before ->> 'parent_step_id' = w.row_id::TEXT
        WHERE l.table_name = 'steps'
    ), inserted AS (
        INSERT INTO public.steps
        SELECT r.* FROM wanted AS w
        CROSS JOIN LATERAL jsonb_populate_record(
            NULL::public.steps,
            w.before || jsonb_build_object('team_id', (
                SELECT p.team_id FROM public.pipelines AS p WHERE p.id = change.pipeline_id
            ))
        ) AS r
        RETURNING id
    )
    SELECT array_agg(i.id), count(*) INTO step_ids, n FROM inserted AS i;
    written := written + n;

    INSERT INTO public.connections
    SELECT r.*
    FROM public.pipeline_changes AS c
    CROSS JOIN LATERAL jsonb_populate_record(
        NULL::public.connections,
        c.before || jsonb_build_object('team_id', (
            SELECT p.team_id FROM public.pipelines AS p WHERE p.id = change.pipeline_id
        ))
    ) AS r
    WHERE c.pipeline_id = change.pipeline_id AND c.operation = 'delete'
        AND c.table_name = 'connections'
        AND c.transaction_id = change.transaction_id AND c.changed_at = change.changed_at
        AND (c.id = change.id OR r.from_step_id = ANY (step_ids) OR r.to_step_id = ANY (step_ids))
        -- The other end may have been deleted by the same statement and not come back.
        AND (
            c.id = change.id
            OR 2 = (
                SELECT count(*) FROM public.steps AS s
                WHERE s.id IN (r.from_step_id, r.to_step_id)
            )
        );
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN written + n;
END;
$$;

COMMENT ON FUNCTION undo_delete IS
'Part of undo_change(): brings back a deleted row and what its deletion took along.';

CREATE FUNCTION undo_update(change_id BIGINT) RETURNS INTEGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET extra_float_digits = 1
AS $$
DECLARE
    change public.pipeline_changes;
    moved BOOLEAN;
    columns TEXT[];
    untouched BOOLEAN;
BEGIN
    SELECT c.* INTO change FROM public.pipeline_changes AS c WHERE c.id = change_id;
    -- The server keeps updated_at, and the team of steps and connections.
    SELECT array_agg(k) INTO columns FROM jsonb_object_keys(change.before || change.after) AS k
    WHERE change.before -> k IS DISTINCT FROM change.after -> k
        AND k <> 'updated_at'
        AND NOT (k = 'team_id' AND change.table_name <> 'pipelines');

    -- Only the columns that this change wrote, and only while they are as it left them: a later
    -- change of other columns stays, one of the same columns is not overwritten unseen. Compared one
    -- by one, since a document that has grown contains what it was.
    EXECUTE format(
        'SELECT NOT EXISTS (SELECT FROM unnest($2) AS k'
        ' WHERE to_jsonb(t) -> k IS DISTINCT FROM $3 -> k)'
        ' FROM public.%I AS t WHERE t.id = $1 FOR NO KEY UPDATE', change.table_name
    ) INTO untouched USING change.row_id, columns, change.after;
    moved := change.table_name = 'steps' AND 'pipeline_id' = ANY (columns);
    IF untouched IS NOT TRUE OR (moved AND NOT EXISTS (
        SELECT FROM public.pipelines AS p WHERE p.id = (change.before ->> 'pipeline_id')::UUID
    )) THEN
        RETURN 0;
    END IF;

    IF moved THEN
        -- One change, that it can be undone as one.
        PERFORM public.move_step(
            change.row_id, (change.before ->> 'pipeline_id')::UUID,
            (change.before ->> 'parent_step_id')::UUID, change.before ->> 'branch'
        );
        columns := ARRAY(
            SELECT k FROM unnest(columns) AS k
            WHERE k NOT IN ('pipeline_id', 'parent_step_id', 'branch')
        );
    END IF;
    IF cardinality(columns) > 0 THEN
        EXECUTE format(
            'UPDATE public.%I AS t SET (%s) ='
            ' (SELECT %s FROM jsonb_populate_record(t, $1) AS r) WHERE t.id = $2',
            change.table_name,
            (SELECT string_agg(format('%I', k), ', ') FROM unnest(columns) AS k),
            (SELECT string_agg(format('r.%I', k), ', ') FROM unnest(columns) AS k)
        ) USING change.before, change.row_id;
    END IF;
    RETURN 1;
END;
$$;

COMMENT ON FUNCTION undo_update IS
'Part of undo_change(): sets the columns that the change wrote back; 0 when they have changed since.';

CREATE FUNCTION undo_change(change_id BIGINT) RETURNS INTEGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    change public.pipeline_changes;
    written INTEGER;
BEGIN
    SELECT c.* INTO change FROM public.pipeline_changes AS c WHERE c.id = change_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no change % that you can see', change_id USING ERRCODE = 'no_data_found';
    END IF;
    IF NOT (change.team_id = ANY (public.my_writable_team_ids()) OR public.acts_as_owner()) THEN
        RAISE EXCEPTION 'change % is in a team that you may only read', change_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF change.table_name <> 'pipelines' AND NOT EXISTS (
        SELECT FROM public.pipelines AS p WHERE p.id = change.pipeline_id
    ) THEN
        RAISE EXCEPTION 'the pipeline of change % is gone, or you no longer see it', change_id
            USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'Undo its deletion first.';
    END IF;
    BEGIN
        IF change.operation = 'delete' THEN
            written := public.undo_delete(change_id);
        ELSIF change.operation = 'update' THEN
            written := public.undo_update(change_id);
        ELSE
            -- A row that has moved on is no longer the one that was inserted here.
            EXECUTE format(
                'DELETE FROM public.%I AS t WHERE t.id = $1 AND t.%I = $2', change.table_name,
                CASE change.table_name WHEN 'pipelines' THEN 'id' ELSE 'pipeline_id' END
            ) USING change.row_id, change.pipeline_id;
            GET DIAGNOSTICS written = ROW_COUNT;
        END IF;
    EXCEPTION
        WHEN unique_violation THEN
            RAISE EXCEPTION 'the name, the id or the place of change % is in use again', change_id
                USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'Rename or delete the row that has it now.';
        WHEN foreign_key_violation THEN
            RAISE EXCEPTION 'a row to which change % refers is gone', change_id
                USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'Undo its deletion first.';
    END;
    IF written = 0 THEN
        RAISE EXCEPTION 'the row of change % has changed since, or is gone', change_id
            USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'Undo the later changes of the same columns first.';
    END IF;
    RETURN written;
END;
$$;

COMMENT ON FUNCTION undo_change IS
'Takes one change back and returns how many rows it wrote. An insert is undone by deleting the row; an
update by setting back the columns that it wrote; a delete by inserting the row again with all that
the same statement took along (steps inside it, connections; not comments, not versions). Undoing
is a change like any other, so it can be undone. Either entry of a row that has moved undoes the move.
Runs under row security. SQLSTATE P0002: the caller sees no such change; 42501: he may not write the
team, or the one to which the row would go back; 55000: the row has changed since, its name is in use
again, or its pipeline, or a row to which it referred, is gone.';

ALTER FUNCTION reinsert_pipeline(BIGINT) OWNER TO pipeline_owner;
ALTER FUNCTION undo_delete(BIGINT) OWNER TO pipeline_owner;
ALTER FUNCTION undo_update(BIGINT) OWNER TO pipeline_owner;
ALTER FUNCTION undo_change(BIGINT) OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION reinsert_pipeline(BIGINT) FROM public;
REVOKE ALL ON FUNCTION undo_delete(BIGINT) FROM public;
REVOKE ALL ON FUNCTION undo_update(BIGINT) FROM public;
REVOKE ALL ON FUNCTION undo_change(BIGINT) FROM public;
GRANT EXECUTE ON FUNCTION acts_as_owner() TO pipeline_app;
GRANT EXECUTE ON FUNCTION reinsert_pipeline(BIGINT) TO pipeline_app;
GRANT EXECUTE ON FUNCTION undo_delete(BIGINT) TO pipeline_app;
GRANT EXECUTE ON FUNCTION undo_update(BIGINT) TO pipeline_app;
GRANT EXECUTE ON FUNCTION undo_change(BIGINT) TO pipeline_app;

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

-- Making pipelines from templates.

CREATE FUNCTION fill_template(template JSONB, variables JSONB) RETURNS JSONB
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    given TEXT;
    filled TEXT;
    part TEXT;
    name TEXT;
BEGIN
    IF jsonb_typeof(template) = 'object' THEN
        RETURN coalesce((
            SELECT jsonb_object_agg(e.key, public.fill_template(e.value, variables))
            FROM jsonb_each(template) AS e
        ), '{}');
    ELSIF jsonb_typeof(template) = 'array' THEN
        RETURN coalesce((
            SELECT jsonb_agg(public.fill_template(e.value, variables) ORDER BY e.ordinality)
            FROM jsonb_array_elements(template) WITH ORDINALITY AS e
        ), '[]');
    ELSIF jsonb_typeof(template) <> 'string' OR template #>> '{}' NOT LIKE '%{{%' THEN
        RETURN template;
    END IF;

    given := template #>> '{}';
    -- In one pass from left to right, so that braces in a value are text and not filled again. The
    -- last two of several opening braces open the variable.
    FOREACH part IN ARRAY regexp_split_to_array(given, '\{\{(?!\{)') LOOP
        name := split_part(part, '}}', 1);
        IF filled IS NULL THEN
            filled := part;
        ELSIF part NOT LIKE '%}}%' OR NOT variables ? name THEN
            filled := filled || '{{' || part;
        ELSIF given = '{{' || name || '}}' THEN
            -- A text that is nothing but the variable takes the value with its type.
            RETURN variables -> name;
        ELSE
            filled := filled || coalesce(variables ->> name, '')
                || substr(part, length(name) + 3);
        END IF;
    END LOOP;
    RETURN to_jsonb(filled);
END;
$$;

COMMENT ON FUNCTION fill_template IS
'Replaces "{{variable}}" in every text of a JSON value; a text that is only that becomes the value
itself, and null within a longer text is empty. Values are not filled again. Unknown variables stay:
pipelines have some that are filled when they run.';

CREATE FUNCTION instantiate_steps(
    target_pipeline_id UUID, target_team_id UUID, steps JSONB, connections JSONB
) RETURNS VOID
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
    WITH given AS MATERIALIZED (
        SELECT e.value AS step, e.ordinality AS place, gen_random_uuid() AS id
        FROM jsonb_array_elements(instantiate_steps.steps) WITH ORDINALITY AS e
    ), made AS (
        INSERT INTO public.steps (
            id, pipeline_id, team_id, name, type, enabled, config, position_x, position_y,
            width, height, parent_step_id, branch, order_index
        )
        SELECT
            g.id, target_pipeline_id, target_team_id, r.name, r.type, coalesce(r.enabled, TRUE),
            coalesce(r.config, '{}'), coalesce(r.position_x, 0), coalesce(r.position_y, 0),
            coalesce(r.width, 200), coalesce(r.height, 100), parent.id,
            coalesce(r.branch, 'steps'), coalesce(r.order_index, (g.place - 1)::INTEGER)
        FROM given AS g
        CROSS JOIN LATERAL jsonb_populate_record(NULL::public.steps, g.step) AS r
        LEFT JOIN given AS parent ON g.step ->> 'parent' = parent.step ->> 'name'
    )
    INSERT INTO public.connections (
        pipeline_id, team_id, from_step_id, to_step_id, from_output, to_input, path_data
    )
    SELECT
        target_pipeline_id, target_team_id, f.id, t.id, coalesce(c ->> 'from_output', 'output'),
        coalesce(c ->> 'to_input', 'input'), nullif(c -> 'path_data', 'null')
    FROM jsonb_array_elements(instantiate_steps.connections) AS c
    -- A name that no step has gives NULL, which the table refuses.
    LEFT JOIN given AS f ON c ->> 'from' = f.step ->> 'name'
    LEFT JOIN given AS t ON c ->> 'to' = t.step ->> 'name'
$$;

COMMENT ON FUNCTION instantiate_steps IS
'Part of instantiate_template(): makes the steps and connections of a template''s pipeline_config.';

-- Runs as the owner, since it counts: whoever could count without making a pipeline, or needed to be
-- able to write a template in order to use it, would make the count worthless.
CREATE FUNCTION instantiate_template(
    template_id UUID, name TEXT, variables JSONB DEFAULT '{}', target_team_id UUID DEFAULT NULL
) RETURNS UUID
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    template public.pipeline_templates;
    unbound CONSTANT BOOLEAN := public.acts_as_owner();
    team UUID;
    content JSONB;
    created UUID;
BEGIN
    SELECT t.* INTO template FROM public.pipeline_templates AS t
    WHERE t.id = instantiate_template.template_id
        AND (t.team_id = ANY (public.my_team_ids()) OR unbound);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no template % that you can see', instantiate_template.template_id
            USING ERRCODE = 'no_data_found';
    END IF;
    team := coalesce(target_team_id, template.team_id);
    IF NOT (team = ANY (public.my_writable_team_ids()) OR unbound) THEN
        RAISE EXCEPTION 'no team % that you may write', team
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF jsonb_typeof(variables) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'variables must be a JSON object'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    content := public.fill_template(
        template.pipeline_config, template.default_values || variables
    );
    IF EXISTS (
        SELECT FROM jsonb_array_elements(content -> 'steps') AS s
        WHERE s ->> 'parent' IS NOT NULL AND NOT EXISTS (
            SELECT FROM jsonb_array_elements(content -> 'steps') AS p
            WHERE p ->> 'name' = s ->> 'parent'
        )
    ) THEN
        RAISE EXCEPTION 'a step of template % stands in a step that it does not have', template.id
            USING ERRCODE = 'invalid_parameter_value';
    END IF;

    INSERT INTO public.pipelines (
        team_id, created_by, name, description, config, defaults, authentication, tags
    ) VALUES (
        team, public.current_user_id(),
        instantiate_template.name, coalesce(content ->> 'description', template.description),
        coalesce(content -> 'config', '{}'), coalesce(content -> 'defaults', '{}'),
        coalesce(content -> 'authentication', '{}'),
        ARRAY(SELECT jsonb_array_elements_text(coalesce(content -> 'tags', '[]')))
    ) RETURNING id INTO created;
    PERFORM public.instantiate_steps(
        created, team, coalesce(content -> 'steps', '[]'), coalesce(content -> 'connections', '[]')
    );
    UPDATE public.pipeline_templates AS t SET usage_count = t.usage_count + 1
    WHERE t.id = template.id;
    RETURN created;
END;
$$;

COMMENT ON FUNCTION instantiate_template IS
'Makes a draft pipeline from a template, in the template''s team or another one, and returns its id.
variables override the template''s default_values. SQLSTATE P0002 when the caller cannot see the
template, 42501 when he may not write the team, 22023 when variables is no
object or a step names an unknown parent, 23502 when a connection names an unknown step.';

ALTER FUNCTION fill_template(JSONB, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION instantiate_steps(UUID, UUID, JSONB, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION instantiate_template(UUID, TEXT, JSONB, UUID) OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION fill_template(JSONB, JSONB) FROM public;
REVOKE ALL ON FUNCTION instantiate_steps(UUID, UUID, JSONB, JSONB) FROM public;
REVOKE ALL ON FUNCTION instantiate_template(UUID, TEXT, JSONB, UUID) FROM public;
GRANT EXECUTE ON FUNCTION fill_template(JSONB, JSONB) TO pipeline_app;
GRANT EXECUTE ON FUNCTION instantiate_template(UUID, TEXT, JSONB, UUID) TO pipeline_app;
