-- Pipelines as YAML: files of version 1 in the words of version 2. No table is touched here.

CREATE FUNCTION yaml.renamed_member(step JSON, INOUT key TEXT, INOUT val JSON, OUT change TEXT)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    said TEXT := CASE json_typeof(val) WHEN 'string' THEN val #>> '{}' END;
    old TEXT := key;
BEGIN
    CASE
        WHEN key = 'max_attempts' THEN
            key := 'max_retries';
            change := 'max_attempts is now max_retries';
        WHEN key = 'on_error' AND said IN ('continue', 'stop') THEN
            key := 'continue_on_error';
            val := CASE said WHEN 'continue' THEN 'true' ELSE 'false' END;
            change := format('on_error: %s is now continue_on_error: %s', said, val);
        WHEN key = 'type' AND said = 'text' AND step -> 'content' IS NOT NULL THEN
            val := '"static"';
            change := 'prompt part text is now static';
        WHEN key = 'prompt' AND said IS NOT NULL THEN
            val := json_build_array(json_build_object('type', 'static', 'content', val));
            change := 'the text of prompt is now a static part';
        WHEN key = 'prompt' AND json_typeof(val) = 'array' THEN
            -- texts among the parts
            IF EXISTS (SELECT FROM json_array_elements(val) AS e WHERE json_typeof(e) = 'string') THEN
                val := (
                    SELECT json_agg(CASE json_typeof(e.part) WHEN 'string'
                        THEN json_build_object('type', 'static', 'content', e.part) ELSE e.part END ORDER BY e.ord)
                    FROM json_array_elements(val) WITH ORDINALITY AS e (part, ord)
                );
                change := 'the texts in prompt are now static parts';
            END IF;
        ELSE
            NULL;
    END CASE;
    IF key <> old AND step -> key IS NOT NULL THEN
        change := format('%s: dropped, %s stands beside it', old, key);
        key := NULL;
    END IF;
END;
$$;
COMMENT ON FUNCTION yaml.renamed_member(JSON, TEXT, JSON) IS
'A member of a step, prompt part or task of version 1 in the words of version 2, and what changed; key is NULL when the step has a member of the new name already.';

CREATE FUNCTION yaml.migrate_step(INOUT step JSON, label TEXT, INOUT changes TEXT[])
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    members TEXT[] := '{}';
    item RECORD;
    nested RECORD;
BEGIN
    FOR item IN
        SELECT r.key, r.val, r.change
        FROM json_each(step) WITH ORDINALITY AS m (key, value, ord)
        CROSS JOIN yaml.renamed_member(step, m.key, m.value) AS r ORDER BY m.ord
    LOOP
        IF item.change IS NOT NULL THEN
            changes := changes || (label || ': ' || item.change);
            CONTINUE WHEN item.key IS NULL;
        END IF;
        -- an inline pipeline stays where it is, but its steps are of version 1, too
        IF item.key IN ('retry', 'retry_config', 'pipeline', 'workflow')
            AND json_typeof(item.val) = 'object' THEN
            nested := yaml.migrate_step(item.val, label || '.' || item.key, changes);
            item.val := nested.step;
            changes := nested.changes;
        ELSIF item.key IN ('prompt', 'tasks', 'parallel_tasks', 'steps', 'error_handler', 'on_error',
            'on_not_found', 'default') AND json_typeof(item.val) = 'array' THEN
            nested := yaml.migrate_list(item.val, label || '.' || item.key, changes);
            item.val := nested.list;
            changes := nested.changes;
        ELSIF item.key = 'cases' AND json_typeof(item.val) = 'object' THEN
            nested := yaml.migrate_cases(item.val, label || '.cases', changes);
            item.val := nested.cases;
            changes := nested.changes;
        END IF;
        members := members || (to_json(item.key)::TEXT || ':' || item.val::TEXT);
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

CREATE FUNCTION yaml.v1_members(workflow JSON, shape TEXT)
RETURNS TABLE (key TEXT, value JSON)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    RETURN QUERY
    SELECT m.key, m.value
    FROM json_each(CASE shape WHEN 'pipeline' THEN workflow -> 'pipeline' END) AS m
    UNION ALL
    SELECT m.key, m.value FROM json_each(workflow) AS m
    WHERE shape <> 'pipeline' OR m.key <> 'pipeline';
END;
$$;
COMMENT ON FUNCTION yaml.v1_members(JSON, TEXT) IS
'The members of a workflow of version 1: in the layout pipeline first those below pipeline, then those beside it.';

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
        SELECT m.key, m.value FROM yaml.v1_members(workflow, shape) AS m
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

CREATE FUNCTION yaml.v1_warnings(workflow JSON, steps JSONB) RETURNS SETOF TEXT
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF workflow -> 'checkpoint_enabled' IS NULL THEN
        RETURN NEXT 'checkpoint_enabled is not set: false in version 1, true in version 2 in production';
    END IF;
    RETURN QUERY
    WITH RECURSIVE step AS (
        SELECT s.ord, s.node ->> 'name' AS name, s.node ->> 'parent' AS parent, s.node -> 'config' AS config,
            CASE s.node ->> 'type' WHEN 'for_loop'
                THEN coalesce(s.node #>> '{config,iterator}', s.node #>> '{config,as}') END AS iterator
        FROM jsonb_array_elements(steps) WITH ORDINALITY AS s (node, ord)
    ), inside AS (
        SELECT l.name AS loop, l.iterator, l.name FROM step AS l WHERE l.iterator <> ''
        UNION ALL
        SELECT i.loop, i.iterator, s.name FROM inside AS i INNER JOIN step AS s ON i.name = s.parent
    ), found AS (
        SELECT s.ord, s.name, format('on_error: %s is unknown to version 2', s.config ->> 'on_error') AS flaw
        FROM step AS s WHERE jsonb_typeof(s.config -> 'on_error') = 'string'
        UNION ALL
        SELECT s.ord, s.name, format('claude_options.%s: a step of type claude_session has session_config for it', k.key)
        FROM step AS s
        CROSS JOIN unnest('{session_id,resume_session}'::TEXT[]) AS k (key)
        WHERE s.config #> ARRAY['claude_options', k.key] IS NOT NULL
        UNION ALL
        SELECT s.ord, s.name, format('{{%s}} of the loop "%s" is {{loop.%1$s}} in version 2', i.iterator, i.loop)
        FROM inside AS i
        INNER JOIN step AS s ON i.name = s.name AND i.loop <> s.name
        WHERE s.config::TEXT ~ ('\{\{\s*' || regexp_replace(i.iterator, '(\W)', '\\\1', 'g') || '\s*[.|}\[]')
    )
    SELECT format('step "%s": %s', f.name, f.flaw) FROM found AS f ORDER BY f.ord, f.flaw;
END;
$$;
COMMENT ON FUNCTION yaml.v1_warnings(JSON, JSONB) IS
'What a migrated file still says in the way of version 1, and has to be seen to by hand: defaults that differ, unknown values of on_error, sessions kept by hand, loop variables without loop. before them.';

ALTER FUNCTION yaml.renamed_member(JSON, TEXT, JSON) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.migrate_step(JSON, TEXT, TEXT[]) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.migrate_list(JSON, TEXT, TEXT[]) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.migrate_cases(JSON, TEXT, TEXT[]) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.v1_members(JSON, TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.migrate_document(JSON) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.v1_warnings(JSON, JSONB) OWNER TO pipeline_owner;
