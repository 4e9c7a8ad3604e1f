-- pipelines.updated_at follows steps and connections. Updating the pipeline at once would make
-- every editor of a pipeline wait for the others' transactions to end, and statements over several
-- pipelines deadlock. So a statement only notes which pipelines it changed, and they are updated
-- when the transaction commits, in the order of their ids.
--
-- depends: 0110_statistics

CREATE UNLOGGED TABLE pipeline_touches (
    transaction_id XID8 NOT NULL DEFAULT pg_current_xact_id(),
    pipeline_id UUID NOT NULL,
    CONSTRAINT pipeline_touches_pkey PRIMARY KEY (transaction_id, pipeline_id)
);

COMMENT ON TABLE pipeline_touches IS
'Pipelines that a running transaction has changed. A row lives from the statement to the commit of
its own transaction, which is why it needs neither WAL nor a foreign key.';

CREATE FUNCTION update_pipeline_timestamp() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.pipeline_touches (pipeline_id)
        SELECT DISTINCT n.pipeline_id FROM new_rows AS n
        ON CONFLICT DO NOTHING;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO public.pipeline_touches (pipeline_id)
        SELECT DISTINCT o.pipeline_id FROM old_rows AS o
        ON CONFLICT DO NOTHING;
    ELSE
        -- Both, since a step that moves changes the pipeline it leaves as well.
        INSERT INTO public.pipeline_touches (pipeline_id)
        SELECT o.pipeline_id FROM old_rows AS o UNION SELECT n.pipeline_id FROM new_rows AS n
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION update_pipeline_timestamp IS
'Trigger: notes the changed pipelines in pipeline_touches.';

CREATE FUNCTION touch_pipelines() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Fires once for each noted pipeline; the first call does the work of them all.
    IF NOT EXISTS (
        SELECT FROM public.pipeline_touches AS t
        WHERE t.transaction_id = NEW.transaction_id AND t.pipeline_id = NEW.pipeline_id
    ) THEN
        RETURN NULL;
    END IF;
    WITH noted AS (
        DELETE FROM public.pipeline_touches AS t
        WHERE t.transaction_id = NEW.transaction_id
        RETURNING t.pipeline_id
    ), locked AS MATERIALIZED (
        SELECT p.id FROM public.pipelines AS p
        WHERE p.id IN (SELECT n.pipeline_id FROM noted AS n)
        ORDER BY p.id
        FOR NO KEY UPDATE
    )
    UPDATE public.pipelines AS p SET updated_at = greatest(p.updated_at, now())
    FROM locked AS l WHERE p.id = l.id;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION touch_pipelines IS
'Trigger, at commit: sets updated_at of the pipelines that the transaction changed.';

CREATE CONSTRAINT TRIGGER touch_pipelines AFTER INSERT ON pipeline_touches
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION touch_pipelines();
COMMENT ON TRIGGER touch_pipelines ON pipeline_touches IS
'At commit, or at SET CONSTRAINTS touch_pipelines IMMEDIATE.';

CREATE TRIGGER update_pipeline_on_step_insert AFTER INSERT ON steps
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION update_pipeline_timestamp();
CREATE TRIGGER update_pipeline_on_step_change AFTER UPDATE ON steps
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION update_pipeline_timestamp();
CREATE TRIGGER update_pipeline_on_step_delete AFTER DELETE ON steps
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION update_pipeline_timestamp();
CREATE TRIGGER update_pipeline_on_connection_insert AFTER INSERT ON connections
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION update_pipeline_timestamp();
CREATE TRIGGER update_pipeline_on_connection_change AFTER UPDATE ON connections
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION update_pipeline_timestamp();
CREATE TRIGGER update_pipeline_on_connection_delete AFTER DELETE ON connections
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION update_pipeline_timestamp();
COMMENT ON TRIGGER update_pipeline_on_step_insert ON steps IS 'A new step changes its pipeline.';
COMMENT ON TRIGGER update_pipeline_on_step_change ON steps IS
'A changed step changes its pipeline; a moved one both of them.';
COMMENT ON TRIGGER update_pipeline_on_step_delete ON steps IS
'A deleted step changes its pipeline.';
COMMENT ON TRIGGER update_pipeline_on_connection_insert ON connections IS
'A new connection changes its pipeline.';
COMMENT ON TRIGGER update_pipeline_on_connection_change ON connections IS
'A changed connection changes its pipeline.';
COMMENT ON TRIGGER update_pipeline_on_connection_delete ON connections IS
'A deleted connection changes its pipeline.';

ALTER TABLE pipeline_touches OWNER TO pipeline_owner;
ALTER FUNCTION update_pipeline_timestamp() OWNER TO pipeline_owner;
ALTER FUNCTION touch_pipelines() OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION update_pipeline_timestamp() FROM public;
REVOKE ALL ON FUNCTION touch_pipelines() FROM public;
