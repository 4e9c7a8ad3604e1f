-- Pipelines as YAML: import, and the migration of version 1. Everything runs as the caller, under
-- row security, and in the caller's transaction: the whole file or nothing.

CREATE FUNCTION yaml.fail_at(
    code TEXT, source TEXT, path TEXT[], problem TEXT, expected TEXT DEFAULT NULL
) RETURNS VOID
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    place RECORD := yaml.locate(source, path);
BEGIN
    PERFORM yaml.fail(code, place.line_no, place.col, problem, expected);
END;
$$;
COMMENT ON FUNCTION yaml.fail_at(TEXT, TEXT, TEXT[], TEXT, TEXT) IS
'yaml.fail() at the line and column of a path in the source.';

CREATE FUNCTION yaml.migrate_step(INOUT step JSON, label TEXT, INOUT changes TEXT[])
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    keys TEXT[] := ARRAY(SELECT k FROM json_object_keys(step) AS k);
    members TEXT[] := '{}';
    item RECORD;
    key TEXT;
    val JSON;
    nested RECORD;
BEGIN
    FOR item IN SELECT m.key, m.value FROM json_each(step) AS m LOOP
        key := item.key;
        val := item.value;
        IF key = 'max_attempts' AND 'max_retries' <> ALL (keys) THEN
            key := 'max_retries';
            changes := changes || (label || ': max_attempts is now max_retries');
        ELSIF key = 'on_error' AND json_typeof(val) = 'string' AND val #>> '{}' = 'continue' THEN
            changes := changes || (label || ': on_error: continue is now continue_on_error: true');
            CONTINUE WHEN 'continue_on_error' = ANY (keys);
            key := 'continue_on_error';
            val := 'true';
        ELSIF key = 'prompt' AND json_typeof(val) = 'string' THEN
            val := json_build_array(json_build_object('type', 'static', 'content', val));
            changes := changes || (label || ': the text of prompt is now a static part');
        ELSIF key = 'type' AND json_typeof(val) = 'string' AND val #>> '{}' = 'text'
            AND 'content' = ANY (keys) THEN
            val := '"static"';
            changes := changes || (label || ': prompt part text is now static');
        ELSIF key IN ('retry', 'retry_config') AND json_typeof(val) = 'object' THEN
            nested := yaml.migrate_step(val, label || '.' || key, changes);
            val := nested.step;
            changes := nested.changes;
        ELSIF key IN ('prompt', 'tasks', 'parallel_tasks', 'steps', 'error_handler', 'on_error',
            'on_not_found', 'default') AND json_typeof(val) = 'array' THEN
            nested := yaml.migrate_list(val, label || '.' || key, changes);
            val := nested.list;
            changes := nested.changes;
        ELSIF key = 'cases' AND json_typeof(val) = 'object' THEN
            nested := yaml.migrate_cases(val, label || '.cases', changes);
            val := nested.cases;
            changes := nested.changes;
        END IF;
        members := members || (to_json(key)::TEXT || ':' || val::TEXT);
    END LOOP;
    step := '{' || array_to_string(members, ',') || '}';
END;
$$;
COMMENT ON FUNCTION yaml.migrate_step(JSON, TEXT, TEXT[]) IS
'A step, prompt part or task of version 1 in the words of version 2, the order of its keys kept; appends a line to changes for each change, beginning with label.';

CREATE FUNCTION yaml.migrate_list(INOUT list JSON, label TEXT, INOUT changes TEXT[])
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    members TEXT[] := '{}';
    item RECORD;
    nested RECORD;
BEGIN
    FOR item IN SELECT e.value, e.ord FROM json_array_elements(list) WITH ORDINALITY AS e (value, ord) LOOP
        IF json_typeof(item.value) = 'object' THEN
            nested := yaml.migrate_step(
                item.value, coalesce(
                    'step "' || (item.value ->> 'name') || '"', label || '.' || (item.ord - 1)), changes);
            changes := nested.changes;
            members := members || nested.step::TEXT;
        ELSE
            members := members || item.value::TEXT;
        END IF;
    END LOOP;
    list := '[' || array_to_string(members, ',') || ']';
END;
$$;
COMMENT ON FUNCTION yaml.migrate_list(JSON, TEXT, TEXT[]) IS
'yaml.migrate_step() for each object of a list.';

CREATE FUNCTION yaml.migrate_cases(INOUT cases JSON, label TEXT, INOUT changes TEXT[])
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    members TEXT[] := '{}';
    item RECORD;
    nested RECORD;
BEGIN
    FOR item IN SELECT m.key, m.value FROM json_each(cases) AS m LOOP
        IF json_typeof(item.value) = 'array' THEN
            nested := yaml.migrate_list(item.value, label || '.' || item.key, changes);
            changes := nested.changes;
            members := members || (to_json(item.key)::TEXT || ':' || nested.list::TEXT);
        ELSE
            members := members || (to_json(item.key)::TEXT || ':' || item.value::TEXT);
        END IF;
    END LOOP;
    cases := '{' || array_to_string(members, ',') || '}';
END;
$$;
COMMENT ON FUNCTION yaml.migrate_cases(JSON, TEXT, TEXT[]) IS
'yaml.migrate_list() for each case of a switch.';

CREATE FUNCTION yaml.migrate_document(INOUT document JSON, OUT changes TEXT[])
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    shape TEXT := yaml.pipeline_shape(document);
    workflow JSON := document;
    members TEXT[] := '{}';
    item RECORD;
    nested RECORD;
    seen TEXT[] := '{}';
BEGIN
    changes := '{}';
    IF shape = 'workflow' THEN
        workflow := document -> 'workflow';
        FOR item IN SELECT m.key FROM json_each(document) AS m WHERE m.key <> 'workflow' LOOP
            changes := changes || format('%s: dropped, version 2 has only workflow at the root', item.key);
        END LOOP;
    ELSE
        changes := changes || 'all keys are now below workflow'::TEXT;
    END IF;
    FOR item IN
        SELECT m.key, m.value
        FROM json_each(CASE shape WHEN 'pipeline' THEN workflow -> 'pipeline' END) AS m
        UNION ALL
        SELECT m.key, m.value FROM json_each(workflow) AS m
        WHERE shape <> 'pipeline' OR m.key <> 'pipeline'
    LOOP
        IF item.key = ANY (seen) THEN
            changes := changes || format('%s: dropped, it is also below pipeline', item.key);
            CONTINUE;
        END IF;
        seen := seen || item.key;
        IF item.key = 'steps' AND json_typeof(item.value) = 'array' THEN
            nested := yaml.migrate_list(item.value, 'steps', changes);
            changes := nested.changes;
            item.value := nested.list;
        END IF;
        members := members || (to_json(item.key)::TEXT || ':' || item.value::TEXT);
    END LOOP;
    IF 'environment' <> ALL (seen) THEN
        members := members || '"environment":{"mode":"production","debug_level":"basic"}'::TEXT;
        changes := changes || 'environment: added, mode production'::TEXT;
    END IF;
    IF 'claude_auth' <> ALL (seen) THEN
        members := members || '"claude_auth":{"auto_check":true,"provider":"anthropic"}'::TEXT;
        changes := changes || 'claude_auth: added, provider anthropic'::TEXT;
    END IF;
    document := '{"workflow":{' || array_to_string(members, ',') || '}}';
END;
$$;
COMMENT ON FUNCTION yaml.migrate_document(JSON) IS
'A pipeline file of version 1 in any of the three shapes as one of version 2, the order of its keys kept, and what had to change: renamed keys, text prompts, the sections environment and claude_auth that version 2 asks for.';

CREATE FUNCTION yaml.check_steps(source TEXT, root TEXT[], workflow JSON) RETURNS VOID
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    bad RECORD;
    unknown CONSTANT TEXT[] := ARRAY(
        SELECT t.type FROM (SELECT DISTINCT s.type FROM yaml.flatten_steps(workflow) AS s) AS t
        CROSS JOIN public.validate_step_config(t.type, '{}') AS f WHERE f.path = 'type'
    );
BEGIN
    FOR bad IN
        SELECT
            s.path, s.name, s.type,
            row_number() OVER (PARTITION BY s.name ORDER BY s.place) > 1 AS is_repeated
        FROM yaml.flatten_steps(workflow) AS s
        ORDER BY s.place
    LOOP
        IF bad.name IS NULL AND json_typeof((workflow #> bad.path) -> 'name') <> 'null' THEN
            PERFORM yaml.fail_at('YP001', source, root || bad.path || 'name'::TEXT,
                'the step''s name is not a text', 'a text, in quotes where it looks like a number');
        ELSIF bad.name IS NULL OR bad.type IS NULL OR bad.name = '' THEN
            PERFORM yaml.fail_at('YP001', source, root || bad.path,
                format('%s has no %s', coalesce('step "' || nullif(bad.name, '') || '"', 'the step'),
                    CASE WHEN nullif(bad.name, '') IS NULL THEN 'name' ELSE 'type' END),
                'a mapping with name and type');
        ELSIF bad.type = ANY (unknown) THEN
            PERFORM yaml.fail_at('YP002', source, root || bad.path || 'type'::TEXT,
                format('step "%s" has the unknown type "%s"', bad.name, bad.type),
                'one of the types that the constraint valid_step_type lists');
        ELSIF bad.is_repeated THEN
            PERFORM yaml.fail_at('YP003', source, root || bad.path || 'name'::TEXT,
                format('a second step is named "%s"', bad.name),
                'names that are unique in the pipeline, over all levels');
        END IF;
    END LOOP;
END;
$$;
COMMENT ON FUNCTION yaml.check_steps(TEXT, TEXT[], JSON) IS
'Refuses, with the place in the source, a step without name or type or with a name that is no text (YP001), of an unknown type (YP002), or with the name of another (YP003). root leads to the workflow.';

CREATE FUNCTION yaml.import_team(team_id UUID) RETURNS UUID
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    teams UUID[] := public.my_writable_team_ids();
BEGIN
    IF team_id IS NOT NULL THEN
        RETURN team_id;
    ELSIF cardinality(teams) = 1 THEN
        RETURN teams[1];
    END IF;
    RAISE EXCEPTION USING
        ERRCODE = 'YP004',
        MESSAGE = format('the caller can write in %s teams', coalesce(cardinality(teams), 0)),
        HINT = 'Name the team that the pipeline is for.';
END;
$$;
COMMENT ON FUNCTION yaml.import_team(UUID) IS
'The team given, else the only one that the caller can write in; YP004 if there is not exactly one.';

CREATE FUNCTION yaml.pipeline_row(
    document JSON, shape TEXT,
    OUT name TEXT, OUT description TEXT, OUT config JSONB, OUT defaults JSONB,
    OUT authentication JSONB, OUT tags TEXT[], OUT key_order JSONB
)
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    root JSONB := document;
    workflow JSONB;
    key TEXT;
    step_orders TEXT[];
BEGIN
    workflow := CASE shape
        WHEN 'workflow' THEN root -> 'workflow'
        WHEN 'pipeline' THEN (root - 'pipeline') || (root -> 'pipeline')
        ELSE root END;
    name := CASE jsonb_typeof(workflow -> 'name') WHEN 'string' THEN workflow ->> 'name' END;
    -- a member goes to its column if it is of the column's type, else it stays in config
    config := workflow - 'name' - 'steps';
    IF jsonb_typeof(config -> 'description') = 'string' THEN
        description := config ->> 'description';
        config := config - 'description';
    END IF;
    defaults := '{}';
    IF jsonb_typeof(config -> 'defaults') = 'object' THEN
        defaults := config -> 'defaults';
        config := config - 'defaults';
    END IF;
    authentication := '{}';
    FOREACH key IN ARRAY '{claude_auth,gemini_auth}'::TEXT[] LOOP
        IF config ? key THEN
            authentication := authentication || jsonb_build_object(key, config -> key);
            config := config - key;
        END IF;
    END LOOP;
    tags := '{}';
    IF jsonb_typeof(config -> 'tags') = 'array'
        AND NOT jsonb_path_exists(config -> 'tags', '$[*] ? (@.type() != "string")') THEN
        tags := ARRAY(SELECT t FROM jsonb_array_elements_text(config -> 'tags') AS t);
        config := config - 'tags';
    END IF;
    IF shape = 'workflow' AND root - 'workflow' <> '{}' THEN
        config := config || jsonb_build_object('$root', root - 'workflow');
    END IF;
    -- the steps' own orders are in their rows
    key_order := yaml.key_order(document)
        #- (CASE shape WHEN 'workflow' THEN '{in,workflow,in,steps}' ELSE '{in,steps}' END)::TEXT[];
    key_order := jsonb_build_object('shape', shape, 'members', CASE shape
        WHEN 'pipeline' THEN to_jsonb(ARRAY(SELECT k FROM jsonb_object_keys(root -> 'pipeline') AS k))
        ELSE to_jsonb(ARRAY(SELECT k FROM jsonb_object_keys(workflow) AS k)) END)
        || CASE WHEN key_order IS NULL THEN '{}' ELSE jsonb_build_object('order', key_order) END;
END;
$$;
COMMENT ON FUNCTION yaml.pipeline_row(JSON, TEXT) IS
'What the columns of pipelines hold of a file. description, defaults and tags go to the columns of that name, claude_auth and gemini_auth to authentication, all else but name and steps to config. key_order: {"shape": layout of the file, "members": keys that the workflow had, "order": yaml.key_order() of the file}.';

CREATE FUNCTION yaml.derived_connections(steps JSONB)
RETURNS TABLE (from_step TEXT, to_step TEXT, from_output TEXT, to_input TEXT, problem TEXT)
LANGUAGE sql STABLE
AS $$
    SELECT
        r.step_name, s.name, r.from_output, r.to_input,
        CASE
            WHEN r.step_name = s.name THEN format('step "%s" uses its own result', s.name)
            WHEN f.name IS NULL THEN format('step "%s" uses the result of "%s", which is no step', s.name, r.step_name)
        END
    FROM jsonb_to_recordset(steps) AS s (name TEXT, config JSONB)
    CROSS JOIN yaml.step_references(s.config) AS r
    LEFT JOIN jsonb_to_recordset(steps) AS f (name TEXT) ON r.step_name = f.name
    WHERE r.is_explicit OR f.name IS NOT NULL;
$$;
COMMENT ON FUNCTION yaml.derived_connections(JSONB) IS
'The connections that the configs of steps [{name, config}] imply; problem names why one cannot be drawn: of a step to itself, or from a name that no step has.';

CREATE FUNCTION yaml.store_steps(target UUID, steps JSONB) RETURNS VOID
LANGUAGE plpgsql
AS $$
DECLARE
    rows JSONB;
BEGIN
    -- a step keeps its id by its name, and with it its comments and its place on the canvas
    WITH known AS (
        SELECT n.name, coalesce(s.id, gen_random_uuid()) AS id
        FROM jsonb_to_recordset(steps) AS n (name TEXT)
        LEFT JOIN public.steps AS s ON s.pipeline_id = target AND s.name = n.name
    )
    SELECT jsonb_agg(to_jsonb(n) || jsonb_build_object('id', k.id, 'parent_step_id', p.id)) INTO rows
    FROM jsonb_to_recordset(steps) AS n (
        name TEXT, type TEXT, branch TEXT, order_index INTEGER, level INTEGER, config JSONB,
        key_order JSONB, parent TEXT
    )
    INNER JOIN known AS k ON n.name = k.name
    LEFT JOIN known AS p ON n.parent = p.name;

    MERGE INTO public.steps AS s
    USING jsonb_to_recordset(rows) AS n (
        id UUID, name TEXT, type TEXT, branch TEXT, order_index INTEGER, level INTEGER,
        config JSONB, key_order JSONB, parent_step_id UUID
    ) ON s.id = n.id
    -- not left to the trigger a_skip_unchanged, which takes a compressed value for a changed one
    WHEN MATCHED AND
        (s.type, s.config, s.key_order, s.parent_step_id, s.branch, s.order_index)
        IS DISTINCT FROM
        (n.type, n.config, n.key_order, n.parent_step_id, n.branch, n.order_index)
    THEN UPDATE SET
        type = n.type, config = n.config, key_order = n.key_order,
        parent_step_id = n.parent_step_id, branch = n.branch, order_index = n.order_index
    WHEN NOT MATCHED THEN INSERT (
        id, pipeline_id, name, type, config, key_order, parent_step_id, branch, order_index,
        enabled, position_x, position_y
    ) VALUES (
        n.id, target, n.name, n.type, n.config, n.key_order, n.parent_step_id, n.branch, n.order_index,
        n.config -> 'enabled' IS DISTINCT FROM 'false', n.order_index * 280, n.level * 160
    );
    DELETE FROM public.steps AS s
    WHERE s.pipeline_id = target AND NOT EXISTS (
        SELECT FROM jsonb_to_recordset(steps) AS n (name TEXT) WHERE n.name = s.name
    );
END;
$$;
COMMENT ON FUNCTION yaml.store_steps(UUID, JSONB) IS
'Makes the steps of a pipeline those given: same names are updated, new ones inserted, the others deleted. New steps stand in rows by level on the canvas.';

CREATE FUNCTION yaml.store_connections(target UUID, old_steps JSONB, new_steps JSONB)
RETURNS INTEGER
LANGUAGE plpgsql
AS $$
DECLARE
    total INTEGER;
BEGIN
    -- those that the old configs implied and the new ones do not; what was drawn by hand stays
    DELETE FROM public.connections AS c
    USING public.steps AS f, public.steps AS t, (
        SELECT o.from_step, o.to_step, o.from_output, o.to_input
        FROM yaml.derived_connections(old_steps) AS o WHERE o.problem IS NULL
        EXCEPT
        SELECT n.from_step, n.to_step, n.from_output, n.to_input
        FROM yaml.derived_connections(new_steps) AS n
    ) AS gone
    WHERE c.pipeline_id = target AND f.id = c.from_step_id AND t.id = c.to_step_id
        AND gone.from_step = f.name AND gone.to_step = t.name
        AND gone.from_output = c.from_output AND gone.to_input = c.to_input;

    INSERT INTO public.connections (pipeline_id, from_step_id, to_step_id, from_output, to_input)
    SELECT DISTINCT target, f.id, t.id, d.from_output, d.to_input
    FROM yaml.derived_connections(new_steps) AS d
    INNER JOIN public.steps AS f ON f.pipeline_id = target AND d.from_step = f.name
    INNER JOIN public.steps AS t ON t.pipeline_id = target AND d.to_step = t.name
    WHERE d.problem IS NULL
    ON CONFLICT (from_step_id, to_step_id, from_output, to_input) DO NOTHING;

    SELECT count(*) INTO total FROM public.connections AS c WHERE c.pipeline_id = target;
    RETURN total;
END;
$$;
COMMENT ON FUNCTION yaml.store_connections(UUID, JSONB, JSONB) IS
'Draws the connections that the new configs imply and takes away those that only the old ones implied; returns how many there are.';

CREATE FUNCTION import_pipeline(
    yaml_content TEXT,
    team_id UUID DEFAULT NULL,
    pipeline_id UUID DEFAULT NULL,
    from_v1 BOOLEAN DEFAULT FALSE,
    is_strict BOOLEAN DEFAULT FALSE
) RETURNS JSONB
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    documents TEXT[] := yaml.documents(yaml_content);
    document JSON;
    shape TEXT;
    root TEXT[];
    workflow JSON;
    migrated RECORD;
    changes TEXT[] := '{}';
    warnings JSONB;
    fields RECORD;
    target UUID := pipeline_id;
    old_steps JSONB;
    new_steps JSONB;
    connections INTEGER;
    version INTEGER;
BEGIN
    IF cardinality(documents) <> 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'YA006',
            MESSAGE = format('the text holds %s documents', cardinality(documents)),
            DETAIL = 'Expected one document.';
    END IF;
    document := documents[1];
    shape := yaml.pipeline_shape(document);
    IF shape IS NULL THEN
        PERFORM yaml.fail_at('YP001', yaml_content, '{}', 'this is no pipeline',
            'a mapping with the key workflow, or with name and steps');
    END IF;
    root := CASE shape WHEN 'workflow' THEN '{workflow}' ELSE '{}' END;
    IF shape = 'pipeline' AND EXISTS (
        SELECT FROM json_object_keys(document -> 'pipeline') AS k
        WHERE k <> 'pipeline' AND document -> k IS NOT NULL AND NOT from_v1
    ) THEN
        PERFORM yaml.fail_at('YP001', yaml_content, '{pipeline}', 'a key stands both below pipeline and beside it', 'it once');
    END IF;
    IF from_v1 THEN
        migrated := yaml.migrate_document(document);
        document := migrated.document;
        changes := migrated.changes;
        shape := 'workflow';
    END IF;
    workflow := CASE shape WHEN 'workflow' THEN document -> 'workflow' ELSE document END;
    -- pipelines.config holds below it what stands beside the workflow
    IF workflow -> '$root' IS NOT NULL OR (shape = 'pipeline' AND workflow #> '{pipeline,$root}' IS NOT NULL) THEN
        PERFORM yaml.fail_at('YP001', yaml_content,
            root || CASE WHEN workflow -> '$root' IS NULL THEN '{pipeline,$root}' ELSE '{$root}' END::TEXT[],
            'the key $root is taken', 'another key');
    END IF;
    IF json_typeof(workflow -> 'steps') IS DISTINCT FROM 'array' THEN
        PERFORM yaml.fail_at('YP001', yaml_content, root || 'steps'::TEXT, 'the pipeline has no list of steps', 'steps: with a list');
    END IF;
    PERFORM yaml.check_steps(yaml_content, root, workflow);
    fields := yaml.pipeline_row(document, shape);
    IF coalesce(fields.name, '') = '' THEN
        PERFORM yaml.fail_at('YP001', yaml_content, root || 'name'::TEXT, 'the pipeline has no name', 'name: with a text');
    END IF;

    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'name', s.name, 'type', s.type, 'branch', s.branch, 'order_index', s.order_index,
        'level', s.level, 'config', s.config, 'key_order', nullif(s.key_order, 'null'), 'parent', p.name
    )), '[]') INTO new_steps
    FROM yaml.flatten_steps(workflow) AS s
    LEFT JOIN yaml.flatten_steps(workflow) AS p ON s.parent_path = p.path;
    SELECT coalesce(jsonb_agg(w.message), '[]') INTO warnings FROM (
        SELECT d.problem AS message FROM yaml.derived_connections(new_steps) AS d WHERE d.problem IS NOT NULL
        UNION
        SELECT format('step "%s": %s', s.name, f.message)
        FROM jsonb_to_recordset(new_steps) AS s (name TEXT, type TEXT, config JSONB)
        CROSS JOIN public.validate_step_config(s.type, s.config) AS f
    ) AS w;
    IF is_strict AND warnings <> '[]' THEN
        RAISE EXCEPTION USING ERRCODE = 'YP005',
            MESSAGE = format('%s findings', jsonb_array_length(warnings)),
            DETAIL = array_to_string(ARRAY(SELECT w FROM jsonb_array_elements_text(warnings) AS w), E'\n');
    END IF;

    IF target IS NULL THEN
        INSERT INTO public.pipelines (
            team_id, name, description, yaml_version, config, defaults, authentication, tags, key_order
        ) VALUES (
            yaml.import_team(import_pipeline.team_id), fields.name, fields.description,
            CASE WHEN from_v1 THEN 'v1' ELSE 'v2' END, fields.config, fields.defaults,
            fields.authentication, fields.tags, fields.key_order
        ) RETURNING id INTO target;
    ELSE
        -- row security lets only those lock it who may update it
        PERFORM FROM public.pipelines AS p
        WHERE p.id = target AND p.team_id = coalesce(import_pipeline.team_id, p.team_id)
        FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
                MESSAGE = format('there is no pipeline %s that the caller may write', target);
        END IF;
        UPDATE public.pipelines AS p SET
            name = fields.name, description = fields.description, config = fields.config,
            defaults = fields.defaults, authentication = fields.authentication, tags = fields.tags,
            key_order = fields.key_order, yaml_version = CASE WHEN from_v1 THEN 'v1' ELSE p.yaml_version END
        WHERE p.id = target AND (
            p.name, p.description, p.config, p.defaults, p.authentication, p.tags, p.key_order
        ) IS DISTINCT FROM (
            fields.name, fields.description, fields.config, fields.defaults, fields.authentication,
            fields.tags, fields.key_order
        );
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object('name', s.name, 'config', s.config)), '[]') INTO old_steps
    FROM public.steps AS s WHERE s.pipeline_id = target;
    PERFORM yaml.store_steps(target, new_steps);
    connections := yaml.store_connections(target, old_steps, new_steps);
    version := public.create_pipeline_version(target, array_to_string(
        ARRAY[CASE WHEN from_v1 THEN 'Migrated from YAML version 1' ELSE 'Imported from YAML' END]
        || changes || ARRAY(SELECT w FROM jsonb_array_elements_text(warnings) AS w), E'\n'));
    RETURN jsonb_build_object(
        'pipeline_id', target, 'name', fields.name, 'version_number', version,
        'steps', jsonb_array_length(new_steps), 'connections', connections,
        'changes', to_jsonb(changes), 'warnings', warnings);
END;
$$;
COMMENT ON FUNCTION import_pipeline(TEXT, UUID, UUID, BOOLEAN, BOOLEAN) IS
'Stores a pipeline file and returns a report: {pipeline_id, name, version_number, steps, connections, changes, warnings}, also kept as change_summary of the version it makes.
team_id: NULL, the only team the caller can write in. pipeline_id: NULL, a new pipeline; else that one is brought to the state of the file, its steps keeping their ids by name. from_v1: the file is of version 1. is_strict: warnings are errors.
Runs as the caller, under row security. SQLSTATE: those of parse_yaml(text);
YP001 no pipeline, or a step without name or type; YP002 an unknown step type; YP003 two steps of one name;
YP004 no team named and not exactly one to choose; YP005 strict and there are findings; 42501 the caller may not write there.';

CREATE FUNCTION import_pipeline_yaml(
    yaml_content TEXT, team_id UUID DEFAULT NULL, pipeline_id UUID DEFAULT NULL
) RETURNS UUID
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (public.import_pipeline(yaml_content, team_id, pipeline_id) ->> 'pipeline_id')::UUID;
$$;
COMMENT ON FUNCTION import_pipeline_yaml(TEXT, UUID, UUID) IS
'import_pipeline() for a file of version 2: returns the id of the pipeline. The report is the change_summary of its newest version.';

CREATE FUNCTION migrate_v1_pipeline(yaml_content TEXT, team_id UUID) RETURNS UUID
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (public.import_pipeline(yaml_content, team_id, NULL, TRUE) ->> 'pipeline_id')::UUID;
$$;
COMMENT ON FUNCTION migrate_v1_pipeline(TEXT, UUID) IS
'import_pipeline() for a file of version 1 into a team: returns the id of the new pipeline. What had to change is the change_summary of its first version.';

CREATE FUNCTION migrate_v1_pipeline(yaml_content TEXT) RETURNS UUID
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.migrate_v1_pipeline(yaml_content, NULL);
$$;
COMMENT ON FUNCTION migrate_v1_pipeline(TEXT) IS
'migrate_v1_pipeline(text, uuid) into the only team that the caller can write in; YP004 if there is not exactly one.';

ALTER FUNCTION yaml.fail_at(TEXT, TEXT, TEXT[], TEXT, TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.migrate_step(JSON, TEXT, TEXT[]) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.migrate_list(JSON, TEXT, TEXT[]) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.migrate_cases(JSON, TEXT, TEXT[]) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.migrate_document(JSON) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.check_steps(TEXT, TEXT[], JSON) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.import_team(UUID) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.pipeline_row(JSON, TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.derived_connections(JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.store_steps(UUID, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.store_connections(UUID, JSONB, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION import_pipeline(TEXT, UUID, UUID, BOOLEAN, BOOLEAN) OWNER TO pipeline_owner;
ALTER FUNCTION import_pipeline_yaml(TEXT, UUID, UUID) OWNER TO pipeline_owner;
ALTER FUNCTION migrate_v1_pipeline(TEXT, UUID) OWNER TO pipeline_owner;
ALTER FUNCTION migrate_v1_pipeline(TEXT) OWNER TO pipeline_owner;
