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
