-- Pipelines as YAML: reading a document's parts. No table is touched here.

CREATE FUNCTION yaml.key_order(node JSON) RETURNS JSONB
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    keys TEXT[];
    own JSONB;
    nested JSONB;
BEGIN
    IF json_typeof(node) = 'object' THEN
        keys := ARRAY(SELECT k FROM json_object_keys(node) AS k);
        IF keys <> ARRAY(SELECT k FROM jsonb_object_keys(node::JSONB) AS k) THEN
            own := jsonb_build_object('keys', keys);
        END IF;
        SELECT jsonb_object_agg(c.key, c.key_order) INTO nested
        FROM (
            -- OFFSET 0: computed once a member, not again for the filter, at every level
            SELECT m.key, yaml.key_order(m.value) AS key_order FROM json_each(node) AS m OFFSET 0
        ) AS c
        WHERE c.key_order IS NOT NULL;
    ELSIF json_typeof(node) = 'array' THEN
        SELECT jsonb_object_agg(c.ord - 1, c.key_order) INTO nested
        FROM (
            SELECT e.ord, yaml.key_order(e.value) AS key_order
            FROM json_array_elements(node) WITH ORDINALITY AS e (value, ord) OFFSET 0
        ) AS c
        WHERE c.key_order IS NOT NULL;
    END IF;
    RETURN CASE
        WHEN nested IS NULL THEN own
        ELSE coalesce(own, '{}') || jsonb_build_object('in', nested)
    END;
END;
$$;
COMMENT ON FUNCTION yaml.key_order(JSON) IS
'The order of an object''s keys as {"keys": [...], "in": {key or index: order of that member}}, each part only where it differs from the order of jsonb; NULL if nothing differs.';

CREATE FUNCTION yaml.ordered(node JSONB, key_order JSONB) RETURNS JSON
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    IF key_order IS NULL OR jsonb_typeof(node) NOT IN ('object', 'array') THEN
        RETURN node::TEXT;
    ELSIF jsonb_typeof(node) = 'array' THEN
        RETURN (
            SELECT '[' || coalesce(string_agg(
                yaml.ordered(e.value, key_order #> ARRAY['in', (e.ord - 1)::TEXT])::TEXT, ',' ORDER BY e.ord
            ), '') || ']'
            FROM jsonb_array_elements(node) WITH ORDINALITY AS e (value, ord)
        );
    END IF;
    RETURN (
        SELECT '{' || coalesce(string_agg(
            to_json(m.key)::TEXT || ':' || yaml.ordered(m.value, key_order #> ARRAY['in', m.key])::TEXT,
            ',' ORDER BY k.ord, m.ord
        ), '') || '}'
        FROM jsonb_each(node) WITH ORDINALITY AS m (key, value, ord)
        LEFT JOIN jsonb_array_elements_text(key_order -> 'keys') WITH ORDINALITY AS k (key, ord)
            ON m.key = k.key
    );
END;
$$;
COMMENT ON FUNCTION yaml.ordered(JSONB, JSONB) IS
'A value with its keys in the order that yaml.key_order() recorded; keys unknown to it come last.';

CREATE FUNCTION yaml.locate(
    source TEXT, path TEXT[], OUT line_no INTEGER, OUT col INTEGER
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    scanned RECORD;
    vals TEXT[];
    parsed RECORD;
    here TEXT[] := '{}';
    counts INTEGER[] := '{}';      -- entries so far; NULL in a mapping
    depth INTEGER := 0;
    best INTEGER := 0;
    kind "char";
    token INTEGER;
    is_value BOOLEAN;
BEGIN
    scanned := yaml.scan(yaml.lines(source));
    vals := scanned.vals;
    parsed := yaml.parse(scanned.kinds, scanned.line_nos, scanned.cols);
    line_no := 1;
    col := 0;
    FOR i IN 1..cardinality(parsed.events) LOOP
        kind := parsed.events[i];
        token := parsed.tokens[i];
        is_value := kind IN ('p', 'q', 'N', '*', '{', '[');
        IF is_value AND counts[depth] IS NOT NULL THEN
            here[depth] := counts[depth]::TEXT;
            counts[depth] := counts[depth] + 1;
        ELSIF kind IN ('K', 'Q') THEN
            here[depth] := vals[token];
        END IF;
        -- the deepest part of the path that is there
        IF depth > best AND (kind IN ('K', 'Q') OR is_value) AND here[1:depth] = path[1:depth] THEN
            best := depth;
            -- an item left empty has no place of its own
            line_no := coalesce(scanned.line_nos[token], line_no);
            col := coalesce(scanned.cols[token], col);
            EXIT WHEN best = cardinality(path);
        END IF;
        IF kind IN ('{', '[') THEN
            depth := depth + 1;
            counts[depth] := CASE kind WHEN '[' THEN 0 END;
            here[depth] := NULL;
        ELSIF kind IN ('}', ']') THEN
            depth := depth - 1;
        END IF;
    END LOOP;
END;
$$;
COMMENT ON FUNCTION yaml.locate(TEXT, TEXT[]) IS
'Line (from 1) and column (from 0) of the member that a path of keys and indexes (from 0) leads to, or of the deepest part of the path that stands in the text.';

CREATE FUNCTION yaml.pipeline_shape(document JSON) RETURNS TEXT
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN json_typeof(document) <> 'object' THEN NULL
        WHEN json_typeof(document -> 'workflow') = 'object' THEN 'workflow'
        WHEN json_typeof(document -> 'pipeline') = 'object' AND document -> 'steps' IS NOT NULL THEN 'pipeline'
        WHEN document -> 'steps' IS NOT NULL THEN 'flat'
    END;
$$;
COMMENT ON FUNCTION yaml.pipeline_shape(JSON) IS
'How a pipeline file is laid out: workflow (all below the key workflow), pipeline (name and description below it, steps beside it) or flat; NULL: none of these.';

-- PL/pgSQL here and below, because a session keeps the plan: an SQL function would be planned again
-- for every step.
CREATE FUNCTION yaml.step_branches(step JSON)
RETURNS TABLE (branch TEXT, path TEXT[], list JSON)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    IF json_typeof(step) <> 'object' THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT b.branch, b.path, b.list
    FROM (
        SELECT m.key AS branch, ARRAY[m.key] AS path, m.value AS list, m.ord, 0::BIGINT AS case_ord
        FROM json_each(step) WITH ORDINALITY AS m (key, value, ord)
        WHERE m.key IN ('steps', 'error_handler', 'on_error', 'on_not_found')
            OR (m.key = 'default' AND step ->> 'type' = 'switch')
        UNION ALL
        SELECT 'cases.' || c.key, ARRAY['cases', c.key], c.value, m.ord, c.ord
        FROM json_each(step) WITH ORDINALITY AS m (key, value, ord)
        CROSS JOIN json_each(
            CASE WHEN m.key = 'cases' AND json_typeof(m.value) = 'object' THEN m.value END
        ) WITH ORDINALITY AS c (key, value, ord)
    ) AS b
    WHERE CASE WHEN json_typeof(b.list) = 'array' THEN json_array_length(b.list) > 0 AND NOT EXISTS (
        SELECT FROM json_array_elements(b.list) AS e
        WHERE json_typeof(e) <> 'object' OR (e -> 'name' IS NULL AND e -> 'type' IS NULL)
    ) END
    ORDER BY b.ord, b.case_ord;
END;
$$;
COMMENT ON FUNCTION yaml.step_branches(JSON) IS
'The lists of steps inside a step, in the order of the file, each with the branch its steps get and its path: steps of a loop, cases and default of a switch, error_handler, on_error, on_not_found. Steps of an inline pipeline are not among them: they have names of their own.';

CREATE FUNCTION yaml.step_row(step JSON, OUT config JSONB, OUT key_order JSONB)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    lifted TEXT[];
BEGIN
    IF json_typeof(step) <> 'object' THEN
        RETURN;
    END IF;
    config := step::JSONB - 'name' - 'type';
    -- not NULL, with which a step comes from no file and begins with name and type
    key_order := coalesce(yaml.key_order(step), '{}');
    FOR lifted IN SELECT b.path FROM yaml.step_branches(step) AS b LOOP
        config := config #- lifted;
        key_order := key_order #- (CASE cardinality(lifted)
            WHEN 1 THEN ARRAY['in', lifted[1]] ELSE ARRAY['in', 'cases', 'in', lifted[2]] END);
    END LOOP;
    IF config -> 'cases' = '{}' AND (step -> 'cases')::JSONB <> '{}' THEN
        config := config - 'cases';
    END IF;
    key_order := CASE WHEN key_order -> 'in' = '{}' THEN key_order - 'in' ELSE key_order END;
END;
$$;
COMMENT ON FUNCTION yaml.step_row(JSON) IS
'What steps.config and steps.key_order hold of a step of a file: all but name, type and the steps inside it.';

CREATE FUNCTION yaml.flatten_steps(workflow JSON)
RETURNS TABLE (
    path TEXT[], place INTEGER[], parent_path TEXT[], level INTEGER, branch TEXT,
    order_index INTEGER, name TEXT, type TEXT, config JSONB, key_order JSONB
)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH RECURSIVE step AS (
        SELECT
            ARRAY['steps', (s.ord - 1)::TEXT] AS path, ARRAY[s.ord::INTEGER] AS place, NULL::TEXT[] AS parent_path, 0 AS level,
            'steps' AS branch, (s.ord - 1)::INTEGER AS order_index, s.value AS node
        FROM json_array_elements(workflow -> 'steps') WITH ORDINALITY AS s (value, ord)
        UNION ALL
        SELECT
            p.path || b.path || (s.ord - 1)::TEXT, p.place || b.ord::INTEGER || s.ord::INTEGER,
            p.path, p.level + 1,
            b.branch, (s.ord - 1)::INTEGER, s.value
        FROM step AS p
        CROSS JOIN yaml.step_branches(p.node) WITH ORDINALITY AS b (branch, path, list, ord)
        CROSS JOIN json_array_elements(b.list) WITH ORDINALITY AS s (value, ord)
    )
    SELECT
        s.path, s.place, s.parent_path, s.level, s.branch, s.order_index,
        CASE json_typeof(CASE json_typeof(s.node) WHEN 'object' THEN s.node -> 'name' END)
            WHEN 'string' THEN s.node ->> 'name' END,
        CASE json_typeof(s.node) WHEN 'object' THEN s.node ->> 'type' END,
        own.config,
        own.key_order
    FROM step AS s
    CROSS JOIN yaml.step_row(s.node) AS own
    ORDER BY s.place;
$$;
COMMENT ON FUNCTION yaml.flatten_steps(JSON) IS
'The steps of a workflow at all levels, parents before children: where each stands in it and what its row holds, ordered by place as they stand in the file. name and type are NULL if the step has none, name also if it is no text.';

CREATE FUNCTION yaml.step_references(config JSONB)
RETURNS TABLE (step_name TEXT, from_output TEXT, to_input TEXT, is_explicit BOOLEAN)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
#variable_conflict use_column
DECLARE
    max_length CONSTANT INTEGER := 300;   -- two of them, of four bytes a character, fit an index row
BEGIN
    RETURN QUERY
    WITH RECURSIVE walk AS (
        -- an inline pipeline has results of its own
        SELECT '{}'::TEXT[] AS path, config - 'pipeline' AS node
        UNION ALL
        SELECT w.path || m.key, m.value
        FROM walk AS w
        CROSS JOIN LATERAL (
            SELECT o.key, o.value
            FROM jsonb_each(CASE jsonb_typeof(w.node) WHEN 'object' THEN w.node END) AS o
            UNION ALL
            SELECT (a.ord - 1)::TEXT, a.value
            FROM jsonb_array_elements(CASE jsonb_typeof(w.node) WHEN 'array' THEN w.node END)
                WITH ORDINALITY AS a (value, ord)
        ) AS m
    ), named AS (
        SELECT
            w.node,
            w.node #>> '{}' AS val,
            jsonb_typeof(w.node) AS kind,
            w.path[cardinality(w.path)] AS key,
            w.path[1] IN ('condition', 'break_condition', 'continue_condition', 'expression')
            OR (w.path[1] = 'parallel_tasks' AND w.path[3] = 'condition') AS is_condition,
            CASE
                WHEN w.path[1] IN ('parallel_tasks', 'tasks') AND w.path[3] IN ('prompt', 'condition')
                    THEN w.path[3]
                WHEN w.path[1] IN ('prompt', 'condition') THEN w.path[1]
                WHEN w.path[cardinality(w.path)] = 'right_source' THEN 'right_source'
                ELSE array_to_string(ARRAY(
                    SELECT p.part FROM unnest(w.path) WITH ORDINALITY AS p (part, ord)
                    WHERE p.part !~ '^[0-9]+$' ORDER BY p.ord
                ), '.')
            END AS to_input
        FROM walk AS w
    ), found AS (
        -- {type: previous_response, step: A, extract: f}
        SELECT n.node ->> 'step' AS step_name, n.node ->> 'extract' AS field, n.to_input, TRUE AS is_explicit
        FROM named AS n
        WHERE n.kind = 'object' AND n.node ->> 'type' = 'previous_response'
            AND jsonb_typeof(n.node -> 'step') = 'string'
        UNION ALL
        -- {{ steps.A.f }} in any text
        SELECT r[1], r[2], n.to_input, TRUE
        FROM named AS n
        CROSS JOIN regexp_matches(n.val, '\{\{(.*?)\}\}', 'g') AS t
        CROSS JOIN regexp_matches(t[1], '(?<![.\w-])steps\.([\w-]+)((?:\.[\w-]+|\[\d+\])*)', 'g') AS r
        WHERE n.kind = 'string' AND n.val LIKE '%{{%'
        UNION ALL
        -- A.f or steps.A.f in a condition, quoted texts apart
        SELECT r[2], r[3], n.to_input, r[1] IS NOT NULL
        FROM named AS n
        CROSS JOIN regexp_matches(
            regexp_replace(n.val, '"[^"]*"|''[^'']*''', '', 'g'),
            '(?<![.\w-])(steps\.)?([A-Za-z_][\w-]*)((?:\.[\w-]+)*)', 'g'
        ) AS r
        WHERE n.kind = 'string' AND n.is_condition AND (r[1] IS NOT NULL OR r[3] <> '')
        UNION ALL
        -- previous_response:A:f, steps.A.f, A:f or A as a source of data
        SELECT r[2], r[3], n.to_input, r[1] IS NOT NULL
        FROM named AS n
        CROSS JOIN regexp_matches(
            n.val, '^(previous_response:|steps\.)?([\w-]+)(?:[.:](.+))?$'
        ) AS r
        WHERE n.kind = 'string' AND n.key IN ('data_source', 'input_source', 'right_source')
    )
    SELECT DISTINCT
        f.step_name, left(coalesce(nullif(ltrim(f.field, '.'), ''), 'output'), max_length),
        left(f.to_input, max_length), f.is_explicit
    FROM found AS f
    -- names that conditions and sources use for something other than a step
    WHERE f.is_explicit OR f.step_name NOT IN (
        'state', 'variables', 'global_vars', 'inputs', 'workflow', 'loop', 'environment', 'config',
        'step', 'steps', 'system', 'timestamp', 'date', 'execution_id', 'now'
    );
END;
$$;
COMMENT ON FUNCTION yaml.step_references(JSONB) IS
'The steps whose results a step''s config uses: in prompts (previous_response), templates ({{steps.A.f}}), conditions and sources of data. is_explicit: the form can only mean a step; otherwise the name may be a variable. from_output and to_input are cut to 300 characters.';

CREATE FUNCTION yaml.required_fields(step_type TEXT) RETURNS SETOF TEXT[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT r.fields
    FROM (VALUES
        ('claude', '{prompt}'::TEXT[]), ('gemini', '{prompt}'), ('claude_smart', '{prompt}'),
        ('claude_session', '{prompt}'), ('claude_session', '{session_config}'),
        ('claude_extract', '{prompt}'), ('claude_batch', '{tasks,prompt}'),
        ('claude_robust', '{prompt}'), ('parallel_claude', '{parallel_tasks,task_template}'),
        ('gemini_instructor', '{prompt}'), ('pipeline', '{pipeline_file,pipeline,pipeline_ref}'),
        ('for_loop', '{iterator,as}'), ('for_loop', '{data_source,over}'),
        ('while_loop', '{condition}'), ('switch', '{expression}'),
        ('data_transform', '{input_source}'), ('data_transform', '{operations}'),
        ('file_ops', '{operation}'), ('codebase_query', '{queries}'),
        ('set_variable', '{variables,variable}'), ('checkpoint', '{state,action}')
    ) AS r (type, fields)
    WHERE r.type = step_type;
$$;
COMMENT ON FUNCTION yaml.required_fields(TEXT) IS
'What the config of a step of this type needs, one row a requirement: any one of the keys in it satisfies it. No row: there is no such type.';

CREATE FUNCTION yaml.prompt_flaws(config JSONB)
RETURNS TABLE (path TEXT, message TEXT)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH prompt AS (
        SELECT 'prompt' AS path, config -> 'prompt' AS value
        UNION ALL
        SELECT format('%s.%s.prompt', k.key, t.ord - 1), t.value -> 'prompt'
        FROM unnest('{tasks,parallel_tasks}'::TEXT[]) AS k (key)
        CROSS JOIN jsonb_array_elements(
            CASE jsonb_typeof(config -> k.key) WHEN 'array' THEN config -> k.key END
        ) WITH ORDINALITY AS t (value, ord)
    ), part AS (
        SELECT q.path || '.' || (p.ord - 1) AS path, p.value, p.value ->> 'type' AS type
        FROM prompt AS q
        CROSS JOIN jsonb_array_elements(
            CASE jsonb_typeof(q.value) WHEN 'array' THEN q.value END
        ) WITH ORDINALITY AS p (value, ord)
    )
    SELECT q.path, 'the prompt is neither a text nor a list' FROM prompt AS q
    WHERE jsonb_typeof(q.value) NOT IN ('array', 'string')
    UNION ALL
    SELECT p.path, CASE
        WHEN jsonb_typeof(p.value) <> 'object' THEN 'a prompt part is a mapping with type'
        WHEN k.field IS NULL THEN format('unknown type of prompt part: %s', coalesce(p.type, 'none'))
        ELSE format('a prompt part of type %s needs %s', p.type, k.field) END
    FROM part AS p
    LEFT JOIN (VALUES
        ('static', 'content'), ('file', 'path'), ('previous_response', 'step'),
        ('session_context', 'session_id'), ('claude_continue', 'new_prompt'), ('text', 'content')
    ) AS k (type, field) ON p.type = k.type
    WHERE k.field IS NULL OR NOT p.value ? k.field;
END;
$$;
COMMENT ON FUNCTION yaml.prompt_flaws(JSONB) IS
'What is wrong with the prompts of a step''s config, those of its tasks included.';

CREATE FUNCTION validate_step_config(step_type TEXT, config JSONB, step_names TEXT[] DEFAULT NULL)
RETURNS TABLE (severity TEXT, path TEXT, message TEXT)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM yaml.required_fields(step_type)) THEN
        RETURN QUERY SELECT 'error', 'type', format('unknown step type "%s"', step_type);
    END IF;
    IF jsonb_typeof(config) IS DISTINCT FROM 'object' THEN
        RETURN QUERY SELECT 'error', '', 'the config is no object';
        RETURN;
    END IF;
    RETURN QUERY
    SELECT 'error', r.fields[1], format('a %s step needs %s', step_type, array_to_string(r.fields, ' or '))
    FROM yaml.required_fields(step_type) AS r (fields)
    WHERE NOT config ?| r.fields;
    RETURN QUERY
    SELECT 'error', format('parallel_tasks.%s', t.ord - 1), 'a parallel task needs id'
    FROM jsonb_array_elements(
        CASE jsonb_typeof(config -> 'parallel_tasks') WHEN 'array' THEN config -> 'parallel_tasks' END
    ) WITH ORDINALITY AS t (value, ord)
    WHERE NOT t.value ?| '{id,task_id}';
    RETURN QUERY SELECT 'error', f.path, f.message FROM yaml.prompt_flaws(config) AS f;
    IF step_names IS NOT NULL THEN
        RETURN QUERY
        SELECT DISTINCT 'warning', r.to_input, format('there is no step "%s"', r.step_name)
        FROM yaml.step_references(config) AS r
        WHERE r.is_explicit AND r.step_name <> ALL (step_names);
    END IF;
END;
$$;
COMMENT ON FUNCTION validate_step_config(TEXT, JSONB, TEXT[]) IS
'What is wrong with a step''s config: severity error for an unknown type, a required field that its type lacks, malformed parts of a prompt; with step_names, the names of the pipeline''s steps, severity warning for a reference to a step that is not among them. path: where in the config, keys and indexes with dots. No row: nothing is wrong.
Steps inside a loop or switch are rows of their own and are not asked for. Raises nothing, blocks nothing: import_pipeline() refuses what has findings only when is_strict.';

ALTER FUNCTION yaml.key_order(JSON) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.ordered(JSONB, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.locate(TEXT, TEXT[]) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.pipeline_shape(JSON) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.step_branches(JSON) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.step_row(JSON) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.flatten_steps(JSON) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.step_references(JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.required_fields(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.prompt_flaws(JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION validate_step_config(TEXT, JSONB, TEXT[]) OWNER TO pipeline_owner;
