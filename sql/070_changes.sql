-- The change log: who changed what in a pipeline, when, and what it was before.

CREATE TABLE pipeline_changes (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    changed_at TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),
    transaction_id XID8 NOT NULL DEFAULT pg_current_xact_id(),
    changed_by UUID,
    team_id UUID NOT NULL,
    pipeline_id UUID NOT NULL,
    row_id UUID NOT NULL,
    table_name TEXT NOT NULL,
    operation TEXT NOT NULL,
    before JSONB,
    after JSONB,
    CONSTRAINT pipeline_changes_pkey PRIMARY KEY (pipeline_id, id),
    CONSTRAINT pipeline_changes_table_name_check
    CHECK (table_name IN ('pipelines', 'steps', 'connections')),
    CONSTRAINT pipeline_changes_operation_check CHECK (
        (operation = 'insert' AND before IS NULL AND after IS NULL)
        OR (operation = 'update' AND before IS NOT NULL AND after IS NOT NULL)
        OR (operation = 'delete' AND before IS NOT NULL AND after IS NULL)
    )
);

COMMENT ON TABLE pipeline_changes IS
'Every insert, update and delete of pipelines, steps and connections, written by triggers.
Append-only (SQLSTATE 55000) and without foreign keys: it outlives its pipeline. Touches of
updated_at are not changes. Emptied by prune_pipeline_changes(), which is the owner''s.';
COMMENT ON COLUMN pipeline_changes.id IS 'The order of the changes; gaps are normal.';
COMMENT ON COLUMN pipeline_changes.team_id IS
'The row''s team after the change: who may read the entry. Stays when the pipeline moves on; a row
that leaves its team or pipeline has an entry on either side.';
COMMENT ON COLUMN pipeline_changes.row_id IS 'The id of the changed row.';
COMMENT ON COLUMN pipeline_changes.before IS 'The whole row before; NULL for an insert.';
COMMENT ON COLUMN pipeline_changes.after IS
'The whole row after an update; on the side that it has left, "before" with the new place only. NULL
for a delete; and for an insert, whose row is the present one or the "before" of the next entry.';
COMMENT ON COLUMN pipeline_changes.changed_by IS
'current_user_id() of the session; NULL: nobody was logged in.';
COMMENT ON COLUMN pipeline_changes.changed_at IS
'When the client''s statement began: the same for everything that one statement did.';
COMMENT ON COLUMN pipeline_changes.transaction_id IS 'What was committed together.';

-- Entries are written in the order of their ids, so a BRIN index finds one in a few pages, and costs
-- a bulk insert next to nothing where a second B-tree would cost it a tenth.
CREATE INDEX pipeline_changes_id_idx ON pipeline_changes USING brin (id)
WITH (pages_per_range = 16);
COMMENT ON INDEX pipeline_changes_id_idx IS 'undo_change().';

-- Those who stay behind are told that a row has left and where to, not what else became of it.
CREATE FUNCTION left_behind(before JSONB, after JSONB) RETURNS JSONB
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT before || jsonb_object_agg(e.key, e.value) FROM jsonb_each(after) AS e
    WHERE e.key IN ('team_id', 'pipeline_id', 'parent_step_id')
$$;

COMMENT ON FUNCTION left_behind IS
'The "after" of the entry that a row leaves in the team or pipeline from which it has gone.';

-- Statement triggers with transition tables: one call for a thousand steps. What is logged must not
-- depend on how the session that changed it prints times and floats.
CREATE FUNCTION log_changes() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET extra_float_digits = 1
AS $$
DECLARE
    who CONSTANT UUID := public.current_user_id();
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.pipeline_changes
            (team_id, pipeline_id, table_name, row_id, operation, changed_by)
        SELECT n.team_id, n.pipeline_id, TG_TABLE_NAME, n.id, 'insert', who FROM new_rows AS n;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO public.pipeline_changes
            (team_id, pipeline_id, table_name, row_id, operation, before, changed_by)
        SELECT o.team_id, o.pipeline_id, TG_TABLE_NAME, o.id, 'delete', to_jsonb(o), who
        FROM old_rows AS o;
    ELSE
        -- A pipeline that changes its team is one change, not one of each of its rows.
        INSERT INTO public.pipeline_changes
            (team_id, pipeline_id, table_name, row_id, operation, before, after, changed_by)
        SELECT e.team_id, e.pipeline_id, TG_TABLE_NAME, n.id, 'update', i.before, e.after, who
        FROM new_rows AS n
        INNER JOIN old_rows AS o ON n.id = o.id
        CROSS JOIN LATERAL (SELECT to_jsonb(o) AS before, to_jsonb(n) AS after) AS i
        CROSS JOIN LATERAL (
            SELECT o.team_id, o.pipeline_id, public.left_behind(i.before, i.after) AS after
            WHERE o.pipeline_id <> n.pipeline_id
            UNION ALL
            SELECT n.team_id, n.pipeline_id, i.after
        ) AS e
        WHERE i.before - '{team_id,updated_at}'::TEXT[]
            <> i.after - '{team_id,updated_at}'::TEXT[];
    END IF;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION log_changes IS
'Trigger: one entry in pipeline_changes for each changed row of a table with pipeline_id; two for a row
that moves to another pipeline.';

CREATE TRIGGER log_insert AFTER INSERT ON steps REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION log_changes();
CREATE TRIGGER log_update AFTER UPDATE ON steps
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION log_changes();
CREATE TRIGGER log_delete AFTER DELETE ON steps REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION log_changes();
CREATE TRIGGER log_insert AFTER INSERT ON connections REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION log_changes();
CREATE TRIGGER log_update AFTER UPDATE ON connections
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION log_changes();
CREATE TRIGGER log_delete AFTER DELETE ON connections REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION log_changes();
COMMENT ON TRIGGER log_insert ON steps IS 'Writes pipeline_changes.';
COMMENT ON TRIGGER log_update ON steps IS 'Writes pipeline_changes.';
COMMENT ON TRIGGER log_delete ON steps IS 'Writes pipeline_changes.';
COMMENT ON TRIGGER log_insert ON connections IS 'Writes pipeline_changes.';
COMMENT ON TRIGGER log_update ON connections IS 'Writes pipeline_changes.';
COMMENT ON TRIGGER log_delete ON connections IS 'Writes pipeline_changes.';

-- Pipelines change one at a time, and their most frequent update by far is the touch of
-- updated_at, which must not pay for the log: row triggers on the other columns.
CREATE FUNCTION log_pipeline_change() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET extra_float_digits = 1
AS $$
DECLARE
    changed CONSTANT public.pipelines := coalesce(NEW, OLD);
    before JSONB;
    after JSONB;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        before := to_jsonb(OLD) - 'search_vector';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        after := to_jsonb(NEW) - 'search_vector';
        IF before - 'updated_at' = after - 'updated_at' THEN
            RETURN NULL;
        END IF;
        IF OLD.team_id <> NEW.team_id THEN
            INSERT INTO public.pipeline_changes
                (team_id, pipeline_id, table_name, row_id, operation, before, after, changed_by)
            VALUES (
                OLD.team_id, OLD.id, 'pipelines', OLD.id, 'update',
                before, public.left_behind(before, after), public.current_user_id()
            );
        END IF;
    END IF;
    INSERT INTO public.pipeline_changes
        (team_id, pipeline_id, table_name, row_id, operation, before, after, changed_by)
    VALUES (
        changed.team_id, changed.id, 'pipelines', changed.id, lower(TG_OP),
        before, after, public.current_user_id()
    );
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION log_pipeline_change IS
'Trigger: one entry in pipeline_changes for a changed pipeline, two when it changes its team.';

CREATE TRIGGER log_insert_or_delete AFTER INSERT OR DELETE ON pipelines
FOR EACH ROW EXECUTE FUNCTION log_pipeline_change();
CREATE TRIGGER log_update AFTER UPDATE OF
id, team_id, created_by, name, description, yaml_version, status, config, defaults,
authentication, tags, is_template, parent_pipeline_id, key_order, created_at, published_at
ON pipelines FOR EACH ROW EXECUTE FUNCTION log_pipeline_change();
COMMENT ON TRIGGER log_insert_or_delete ON pipelines IS 'Writes pipeline_changes.';
COMMENT ON TRIGGER log_update ON pipelines IS
'Writes pipeline_changes. Names every column but updated_at and the generated one.';

-- The owner's prune function says, in a setting that ends with its transaction, that it is it.
CREATE TRIGGER refuse_update BEFORE UPDATE ON pipeline_changes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_delete BEFORE DELETE ON pipeline_changes
FOR EACH STATEMENT WHEN (
    current_setting('pipeline_history.pruning', TRUE) IS DISTINCT FROM pg_current_xact_id()::TEXT
)
EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON pipeline_changes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
COMMENT ON TRIGGER refuse_update ON pipeline_changes IS 'History is not rewritten.';
COMMENT ON TRIGGER refuse_delete ON pipeline_changes IS
'History is deleted by prune_pipeline_changes() only.';
COMMENT ON TRIGGER refuse_truncate ON pipeline_changes IS 'History is not emptied.';

CREATE FUNCTION prune_pipeline_changes(older_than INTERVAL) RETURNS BIGINT
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    pruned BIGINT;
BEGIN
    PERFORM set_config('pipeline_history.pruning', pg_current_xact_id()::TEXT, TRUE);
    DELETE FROM public.pipeline_changes WHERE changed_at < now() - older_than;
    GET DIAGNOSTICS pruned = ROW_COUNT;
    PERFORM set_config('pipeline_history.pruning', '', TRUE);
    RETURN pruned;
END;
$$;

COMMENT ON FUNCTION prune_pipeline_changes IS
'Retention, for the owner only: deletes the change log''s entries older than older_than; returns how
many.';

ALTER TABLE pipeline_changes OWNER TO pipeline_owner;
ALTER FUNCTION left_behind(JSONB, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION log_changes() OWNER TO pipeline_owner;
ALTER FUNCTION log_pipeline_change() OWNER TO pipeline_owner;
ALTER FUNCTION prune_pipeline_changes(INTERVAL) OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION left_behind(JSONB, JSONB) FROM public;
REVOKE ALL ON FUNCTION log_changes() FROM public;
REVOKE ALL ON FUNCTION prune_pipeline_changes(INTERVAL) FROM public;
REVOKE ALL ON FUNCTION log_pipeline_change() FROM public;
