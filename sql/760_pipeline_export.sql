-- Pipelines as YAML: export.

CREATE FUNCTION yaml.join_orders(a JSONB, b JSONB) RETURNS JSONB
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    joined JSONB := coalesce(a, '{}') || (coalesce(b, '{}') - 'in');
    child RECORD;
BEGIN
    IF a IS NULL THEN
        RETURN b;
    END IF;
    FOR child IN SELECT m.key, m.value FROM jsonb_each(b -> 'in') AS m LOOP
        IF NOT joined ? 'in' THEN
            joined := joined || '{"in": {}}';
        END IF;
        joined := jsonb_set(joined, ARRAY['in', child.key],
            yaml.join_orders(joined #> ARRAY['in', child.key], child.value));
    END LOOP;
    RETURN joined;
END;
$$;
COMMENT ON FUNCTION yaml.join_orders(JSONB, JSONB) IS
'Two orders of keys, in the form of yaml.key_order(), as one; the second wins.';

CREATE FUNCTION yaml.step_tree(target UUID) RETURNS JSONB
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_object_agg(c.parent, c.steps), '{}')
        FROM (
            SELECT coalesce(s.parent_step_id::TEXT, '') AS parent, jsonb_agg(jsonb_build_object(
                'id', s.id, 'name', s.name, 'type', s.type, 'branch', s.branch,
                'config', s.config, 'key_order', s.key_order
            ) ORDER BY s.order_index, s.id) AS steps
            FROM public.steps AS s WHERE s.pipeline_id = target GROUP BY s.parent_step_id
        ) AS c
    );
END;
$$;
COMMENT ON FUNCTION yaml.step_tree(UUID) IS
'The steps of a pipeline, read once, as {id of the parent, empty at the top level: [steps in order]}.';

CREATE FUNCTION yaml.step_node(tree JSONB, step JSONB, OUT node JSONB, OUT key_order JSONB)
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    nested RECORD;
BEGIN
    node := (step -> 'config') || jsonb_build_object('name', step -> 'name', 'type', step -> 'type');
    key_order := coalesce(nullif(step -> 'key_order', 'null'), '{"keys": ["name", "type"]}');
    IF NOT tree ? (step ->> 'id') THEN
        RETURN;
    END IF;
    nested := yaml.steps_below(tree, step ->> 'id');
    -- cases holds both steps and, in config, what is no list of steps
    node := node || nested.branches || CASE
        WHEN nested.branches ? 'cases' AND jsonb_typeof(node -> 'cases') = 'object'
        THEN jsonb_build_object('cases', (node -> 'cases') || (nested.branches -> 'cases'))
        ELSE '{}' END;
    key_order := yaml.join_orders(key_order, nested.key_orders);
END;
$$;
COMMENT ON FUNCTION yaml.step_node(JSONB, JSONB) IS
'A step of yaml.step_tree() with the steps inside it as in a file, and the order of its keys.';

CREATE FUNCTION yaml.steps_below(tree JSONB, parent TEXT, OUT branches JSONB, OUT key_orders JSONB)
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    list RECORD;
    orders JSONB;
BEGIN
    branches := '{}';
    key_orders := '{}';
    FOR list IN
        SELECT
            c.branch,
            jsonb_agg(c.node ORDER BY c.place) AS steps,
            jsonb_object_agg(c.place - 1, c.key_order) AS orders
        FROM (
            SELECT
                s.step ->> 'branch' AS branch, n.node, n.key_order,
                row_number() OVER (PARTITION BY s.step ->> 'branch' ORDER BY s.ord) AS place
            FROM jsonb_array_elements(tree -> parent) WITH ORDINALITY AS s (step, ord)
            CROSS JOIN yaml.step_node(tree, s.step) AS n
        ) AS c
        GROUP BY c.branch
    LOOP
        orders := jsonb_build_object('in', list.orders);
        IF list.branch LIKE 'cases.%' THEN
            branches := branches || jsonb_build_object('cases', coalesce(branches -> 'cases', '{}')
                || jsonb_build_object(substr(list.branch, 7), list.steps));
            orders := jsonb_build_object('in', jsonb_build_object(substr(list.branch, 7), orders));
            list.branch := 'cases';
        ELSE
            branches := branches || jsonb_build_object(list.branch, list.steps);
        END IF;
        key_orders := yaml.join_orders(
            key_orders, jsonb_build_object('in', jsonb_build_object(list.branch, orders)));
    END LOOP;
END;
$$;
COMMENT ON FUNCTION yaml.steps_below(JSONB, TEXT) IS
'The steps below a parent of yaml.step_tree(), by branch, as in a file, and the orders of their keys in the form of yaml.key_order().';

CREATE FUNCTION yaml.workflow_members(p RECORD, had JSONB, steps JSONB) RETURNS JSONB
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    workflow JSONB;
BEGIN
    workflow := (p.config - '$root') || p.authentication || jsonb_build_object('name', p.name)
        || jsonb_build_object('steps', steps);
    IF p.description IS NOT NULL THEN
        workflow := workflow || jsonb_build_object('description', p.description);
    END IF;
    -- an empty member is written only if the file had one
    IF p.defaults <> '{}' OR (had ? 'defaults' AND NOT p.config ? 'defaults') THEN
        workflow := workflow || jsonb_build_object('defaults', p.defaults);
    END IF;
    IF p.tags <> '{}' OR (had ? 'tags' AND NOT p.config ? 'tags') THEN
        workflow := workflow || jsonb_build_object('tags', p.tags);
    END IF;
    RETURN workflow;
END;
$$;
COMMENT ON FUNCTION yaml.workflow_members(RECORD, JSONB, JSONB) IS
'A row of pipelines and the steps as the workflow of a file; had: the keys that the imported file''s had, an array.';

CREATE FUNCTION yaml.below_pipeline(workflow JSONB, below JSONB) RETURNS JSONB
LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_object_agg(m.key, m.value) FILTER (WHERE NOT below ? m.key), '{}')
            || jsonb_build_object('pipeline',
                jsonb_object_agg(m.key, m.value) FILTER (WHERE below ? m.key))
        FROM jsonb_each(workflow) AS m
    );
END;
$$;
COMMENT ON FUNCTION yaml.below_pipeline(JSONB, JSONB) IS
'A workflow in the layout pipeline: the members named in below, an array, below the key pipeline, the others beside it.';

CREATE FUNCTION yaml.pipeline_document(target UUID) RETURNS JSON
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    usual CONSTANT JSONB := '{"keys": ["name", "description", "tags", "defaults", "steps"]}';
    p public.pipelines;
    shape TEXT;
    had JSONB;
    root JSONB;
    workflow JSONB;
    key_order JSONB;
    nested RECORD;
BEGIN
    SELECT q.* INTO p FROM public.pipelines AS q WHERE q.id = target;
    IF p.id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found',
            MESSAGE = format('there is no pipeline %s that the caller may read', target);
    END IF;
    shape := coalesce(p.key_order ->> 'shape', 'workflow');
    had := coalesce(p.key_order -> 'members', '[]');
    nested := yaml.steps_below(yaml.step_tree(target), '');
    root := coalesce(p.config -> '$root', '{}');
    workflow := yaml.workflow_members(p, had, coalesce(nested.branches -> 'steps', '[]'));
    key_order := p.key_order -> 'order';
    IF shape = 'workflow' THEN
        root := root || jsonb_build_object('workflow', workflow);
        key_order := yaml.join_orders(
            coalesce(key_order, CASE WHEN p.key_order IS NULL THEN jsonb_build_object('in', jsonb_build_object('workflow', usual)) END),
            jsonb_build_object('in', jsonb_build_object('workflow', nested.key_orders)));
    ELSE
        root := workflow;
        IF shape = 'pipeline' THEN
            root := yaml.below_pipeline(workflow, p.key_order -> 'below');
        END IF;
        key_order := yaml.join_orders(key_order, nested.key_orders);
    END IF;
    RETURN yaml.ordered(root, key_order);
END;
$$;
COMMENT ON FUNCTION yaml.pipeline_document(UUID) IS
'A pipeline as the JSON of a file, in the layout and order of the file it came from. P0002 if the caller sees no such pipeline.';

CREATE FUNCTION export_pipeline_yaml(pipeline_id UUID) RETURNS TEXT
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    RETURN yaml.emit_document(yaml.pipeline_document(pipeline_id));
END;
$$;
COMMENT ON FUNCTION export_pipeline_yaml(UUID) IS
'A pipeline as a file of YAML version 2, its keys in the order of the file it came from; the canvas, the switch enabled and the connections, which the configs imply, are not part of it. Importing the text again changes nothing.
Runs under row security. SQLSTATE P0002 when the caller sees no such pipeline; YA005 beyond 200 levels.';

ALTER FUNCTION yaml.join_orders(JSONB, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.step_tree(UUID) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.step_node(JSONB, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.steps_below(JSONB, TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.workflow_members(RECORD, JSONB, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.below_pipeline(JSONB, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.pipeline_document(UUID) OWNER TO pipeline_owner;
ALTER FUNCTION export_pipeline_yaml(UUID) OWNER TO pipeline_owner;
