-- Pipelines as YAML: what the rows hold of a file. No table is touched here.
--
-- depends: 0700_yaml

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

CREATE FUNCTION yaml.file_order(document JSON, shape TEXT, workflow JSONB) RETURNS JSONB
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    -- the steps' own orders are in their rows
    key_order JSONB := yaml.key_order(document)
        #- (CASE shape WHEN 'workflow' THEN '{in,workflow,in,steps}' ELSE '{in,steps}' END)::TEXT[];
BEGIN
    RETURN jsonb_build_object(
        'shape', shape, 'members', ARRAY(SELECT k FROM jsonb_object_keys(workflow) AS k))
        || CASE WHEN shape = 'pipeline' THEN jsonb_build_object(
            'below', ARRAY(SELECT k FROM json_object_keys(document -> 'pipeline') AS k)) ELSE '{}' END
        || CASE WHEN key_order IS NULL THEN '{}' ELSE jsonb_build_object('order', key_order) END;
END;
$$;
COMMENT ON FUNCTION yaml.file_order(JSON, TEXT, JSONB) IS
'What pipelines.key_order holds: {"shape": layout of the file, "members": keys that the workflow had, "below": those of them that stood below pipeline, in that layout, "order": yaml.key_order() of the file without its steps}.';

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
    max_bytes CONSTANT INTEGER := 2000;   -- of a tag: what fits an entry of idx_pipelines_tags
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
        AND NOT jsonb_path_exists(config -> 'tags', '$[*] ? (@.type() != "string")')
        AND NOT EXISTS (
            SELECT FROM jsonb_array_elements_text(config -> 'tags') AS t WHERE octet_length(t) > max_bytes
        ) THEN
        tags := ARRAY(SELECT t FROM jsonb_array_elements_text(config -> 'tags') AS t);
        config := config - 'tags';
    END IF;
    IF shape = 'workflow' AND root - 'workflow' <> '{}' THEN
        config := config || jsonb_build_object('$root', root - 'workflow');
    END IF;
    key_order := yaml.file_order(document, shape, workflow);
END;
$$;
COMMENT ON FUNCTION yaml.pipeline_row(JSON, TEXT) IS
'What the columns of pipelines hold of a file. description, defaults and tags go to the columns of that name, claude_auth and gemini_auth to authentication, all else but name and steps to config. key_order: yaml.file_order().';

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

CREATE FUNCTION yaml.step_list(workflow JSON) RETURNS JSONB
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN (
        WITH step AS MATERIALIZED (
            SELECT * FROM yaml.flatten_steps(workflow)
        )
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'path', s.path, 'place', s.place, 'name', s.name, 'type', s.type, 'branch', s.branch,
            'order_index', s.order_index, 'level', s.level, 'config', s.config,
            'key_order', s.key_order, 'parent', p.name
        ) ORDER BY s.place), '[]')
        FROM step AS s
        LEFT JOIN step AS p ON s.parent_path = p.path
    );
END;
$$;
COMMENT ON FUNCTION yaml.step_list(JSON) IS
'yaml.flatten_steps() as an array in the order of the file, each step with the name of its parent.';

ALTER FUNCTION yaml.key_order(JSON) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.ordered(JSONB, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.locate(TEXT, TEXT[]) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.fail_at(TEXT, TEXT, TEXT[], TEXT, TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.pipeline_shape(JSON) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.file_order(JSON, TEXT, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.pipeline_row(JSON, TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.step_branches(JSON) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.step_row(JSON) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.flatten_steps(JSON) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.step_list(JSON) OWNER TO pipeline_owner;

-- Pipelines as YAML: what the configs of steps say, which steps they refer to and what they lack.
-- No table is touched here.

CREATE FUNCTION yaml.config_members(config JSONB)
RETURNS TABLE (node JSONB, kind TEXT, val TEXT, key TEXT, is_condition BOOLEAN, to_input TEXT)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
#variable_conflict use_column
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
    )
    SELECT
        w.node, jsonb_typeof(w.node), w.node #>> '{}', w.path[cardinality(w.path)],
        w.path[1] IN ('condition', 'break_condition', 'continue_condition', 'expression')
        OR (w.path[1] = 'parallel_tasks' AND w.path[3] = 'condition'),
        CASE
            WHEN w.path[1] IN ('parallel_tasks', 'tasks') AND w.path[3] IN ('prompt', 'condition')
                THEN w.path[3]
            WHEN w.path[1] IN ('prompt', 'condition') THEN w.path[1]
            WHEN w.path[cardinality(w.path)] = 'right_source' THEN 'right_source'
            ELSE array_to_string(ARRAY(
                SELECT p.part FROM unnest(w.path) WITH ORDINALITY AS p (part, ord)
                WHERE p.part !~ '^[0-9]+$' ORDER BY p.ord
            ), '.')
        END
    FROM walk AS w;
END;
$$;
COMMENT ON FUNCTION yaml.config_members(JSONB) IS
'Every value at any depth of a step''s config, but those of an inline pipeline: with its type, its text, its key, whether it is a condition, and the name of the input that a connection to it gets.';

CREATE FUNCTION yaml.step_references(config JSONB)
RETURNS TABLE (step_name TEXT, from_output TEXT, to_input TEXT, is_explicit BOOLEAN)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
#variable_conflict use_column
DECLARE
    max_length CONSTANT INTEGER := 300;   -- two of them, of four bytes a character, fit an index row
BEGIN
    RETURN QUERY
    WITH named AS MATERIALIZED (
        SELECT * FROM yaml.config_members(config)
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

CREATE FUNCTION yaml.loop_variables(steps JSONB) RETURNS TEXT[]
LANGUAGE sql STABLE
AS $$
    SELECT ARRAY(
        SELECT DISTINCT v.name
        FROM jsonb_to_recordset(steps) AS s (type TEXT, config JSONB)
        CROSS JOIN LATERAL (SELECT coalesce(s.config ->> 'iterator', s.config ->> 'as') AS name) AS v
        WHERE s.type = 'for_loop' AND v.name IS NOT NULL
        ORDER BY v.name
    );
$$;
COMMENT ON FUNCTION yaml.loop_variables(JSONB) IS
'The names of the variables of the loops among steps [{type, config}], in their order: a bare name that is one of them is no step''s, wherever it stands.';

CREATE FUNCTION yaml.derived_connections(steps JSONB)
RETURNS TABLE (from_step TEXT, to_step TEXT, from_output TEXT, to_input TEXT, problem TEXT)
LANGUAGE plpgsql STABLE
SET enable_nestloop = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH reference AS (
        SELECT s.name, r.step_name, r.from_output, r.to_input, r.is_explicit
        FROM jsonb_to_recordset(steps) AS s (name TEXT, config JSONB)
        CROSS JOIN yaml.step_references(s.config) AS r
    )
    SELECT
        r.step_name, r.name, r.from_output, r.to_input,
        CASE
            WHEN r.step_name = r.name THEN format('step "%s" uses its own result', r.name)
            WHEN f.name IS NULL THEN format('step "%s" uses the result of "%s", which is no step', r.name, r.step_name)
        END
    FROM reference AS r
    LEFT JOIN jsonb_to_recordset(steps) AS f (name TEXT) ON r.step_name = f.name
    -- a bare name may be a loop's variable
    WHERE r.is_explicit
        OR (f.name IS NOT NULL AND r.step_name NOT IN (SELECT v FROM unnest(yaml.loop_variables(steps)) AS v));
END;
$$;
COMMENT ON FUNCTION yaml.derived_connections(JSONB) IS
'The connections that the configs of steps [{name, type, config}] imply; problem names why one cannot be drawn: of a step to itself, or from a name that no step has.';

CREATE FUNCTION yaml.link_list(steps JSONB) RETURNS JSONB
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(jsonb_agg(to_jsonb(d)), '[]') FROM yaml.derived_connections(steps) AS d;
$$;
COMMENT ON FUNCTION yaml.link_list(JSONB) IS 'yaml.derived_connections() as an array.';

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

CREATE FUNCTION yaml.import_warnings(steps JSONB, links JSONB) RETURNS SETOF TEXT
LANGUAGE plpgsql STABLE
SET enable_nestloop = off
AS $$
BEGIN
    RETURN QUERY
    WITH step AS (
        SELECT s.node ->> 'name' AS name, s.node ->> 'type' AS type, s.node -> 'config' AS config,
            s.node ->> 'parent' AS parent, s.ord
        FROM jsonb_array_elements(steps) WITH ORDINALITY AS s (node, ord)
    ), found AS (
        SELECT l.to_step AS name, l.problem AS flaw
        FROM jsonb_to_recordset(links) AS l (to_step TEXT, problem TEXT) WHERE l.problem IS NOT NULL
        UNION
        SELECT s.name, format('step "%s": %s', s.name, f.message)
        FROM step AS s CROSS JOIN public.validate_step_config(s.type, s.config) AS f
        UNION
        SELECT s.name, format('step "%s": a %s step needs steps inside it', s.name, s.type)
        FROM step AS s
        WHERE s.type IN ('for_loop', 'while_loop', 'switch')
            AND s.name NOT IN (SELECT c.parent FROM step AS c WHERE c.parent IS NOT NULL)
    )
    SELECT f.flaw FROM found AS f INNER JOIN step AS s ON f.name = s.name ORDER BY s.ord, f.flaw;
END;
$$;
COMMENT ON FUNCTION yaml.import_warnings(JSONB, JSONB) IS
'The findings on a file that do not prevent its import, in the order of its steps: connections that cannot be drawn, what validate_step_config() says, loops and switches without steps.';

ALTER FUNCTION yaml.config_members(JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.step_references(JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.loop_variables(JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.derived_connections(JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.link_list(JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.required_fields(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.prompt_flaws(JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION validate_step_config(TEXT, JSONB, TEXT[]) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.import_warnings(JSONB, JSONB) OWNER TO pipeline_owner;

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

-- Pipelines as YAML: rows from what was read of a file. Everything runs as the caller, under row
-- security.

CREATE FUNCTION yaml.check_team(team_id UUID) RETURNS VOID
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF public.current_user_id() IS NULL AND public.acts_as_owner() THEN
        IF EXISTS (SELECT FROM public.teams AS t WHERE t.id = check_team.team_id) THEN
            RETURN;
        END IF;
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('there is no team %s', team_id),
            HINT = 'SELECT id, name FROM teams;';
    ELSIF team_id = ANY (public.my_writable_team_ids()) THEN
        RETURN;
    ELSIF team_id = ANY (public.my_team_ids()) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('user %s is only a viewer of team %s', public.current_user_id(), team_id),
            HINT = 'Its owners, admins and members write pipelines.';
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
        MESSAGE = coalesce(
            format('user %s is in no team %s', public.current_user_id(), team_id),
            'nobody is logged in: the session acts for no user'),
        HINT = yaml.team_hint();
END;
$$;
COMMENT ON FUNCTION yaml.check_team(UUID) IS
'Refuses, before row security would, to import into a team that the caller cannot write in, saying why: SQLSTATE 42501. An owner who acts for a user is held to what that user may.';

CREATE FUNCTION yaml.team_hint() RETURNS TEXT
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    max_named CONSTANT INTEGER := 10;
    named TEXT;
BEGIN
    IF public.current_user_id() IS NULL AND NOT public.acts_as_owner() THEN
        RETURN 'Set app.user_id to the user''s id (schema-tool: --user UUID).';
    END IF;
    SELECT string_agg(format('%s (%s)', t.id, t.name), ', ') INTO named
    FROM (
        SELECT o.id, o.name FROM public.teams AS o
        WHERE o.id = ANY (public.my_writable_team_ids()) OR public.current_user_id() IS NULL
        ORDER BY o.name, o.id LIMIT max_named
    ) AS t;
    RETURN coalesce(
        'Name the team that the pipeline is for: ' || named,
        format('User %s writes in no team: is the id right?', public.current_user_id()),
        'There is no team yet: SELECT create_team(...).');
END;
$$;
COMMENT ON FUNCTION yaml.team_hint() IS
'What to do when it is not clear which team a pipeline is for: who to be, or up to ten teams to choose from.';

CREATE FUNCTION yaml.import_team(team_id UUID) RETURNS UUID
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    teams UUID[] := public.my_writable_team_ids();
BEGIN
    IF team_id IS NOT NULL THEN
        PERFORM yaml.check_team(team_id);
        RETURN team_id;
    ELSIF cardinality(teams) = 1 THEN
        RETURN teams[1];
    END IF;
    RAISE EXCEPTION USING
        ERRCODE = 'YP004',
        MESSAGE = CASE
            WHEN public.current_user_id() IS NULL THEN 'no team is named, and the session acts for no user'
            ELSE format('no team is named, and user %s writes in %s teams',
                public.current_user_id(), cardinality(teams)) END,
        HINT = yaml.team_hint();
END;
$$;
COMMENT ON FUNCTION yaml.import_team(UUID) IS
'The team given, else the only one that the caller can write in; YP004 if there is not exactly one, 42501 if he may not write in it.';

CREATE FUNCTION yaml.lock_pipeline(target UUID, team_id UUID) RETURNS VOID
LANGUAGE plpgsql
AS $$
DECLARE
    its_team UUID;
BEGIN
    SELECT p.team_id INTO its_team FROM public.pipelines AS p WHERE p.id = target;
    IF its_team IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('there is no pipeline %s that the caller may write', target);
    ELSIF its_team <> team_id THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('pipeline %s is not of team %s but of %s', target, team_id, its_team);
    END IF;
    PERFORM yaml.check_team(its_team);
    PERFORM FROM public.pipelines AS p WHERE p.id = target FOR NO KEY UPDATE;
END;
$$;
COMMENT ON FUNCTION yaml.lock_pipeline(UUID, UUID) IS
'Locks the pipeline that a file is imported into, of the team if one is named; 42501 if the caller may not write it.';

CREATE FUNCTION yaml.store_pipeline(
    source TEXT, path TEXT[], fields RECORD, from_v1 BOOLEAN, team_id UUID,
    INOUT target UUID, OUT is_changed BOOLEAN
)
LANGUAGE plpgsql
AS $$
BEGIN
    IF target IS NULL THEN
        INSERT INTO public.pipelines (
            team_id, name, description, yaml_version, config, defaults, authentication, tags, key_order
        ) VALUES (
            yaml.import_team(store_pipeline.team_id), fields.name, fields.description,
            CASE WHEN from_v1 THEN 'v1' ELSE 'v2' END, fields.config, fields.defaults,
            fields.authentication, fields.tags, fields.key_order
        ) RETURNING id INTO target;
        is_changed := TRUE;
        RETURN;
    END IF;
    PERFORM yaml.lock_pipeline(target, team_id);
    UPDATE public.pipelines AS p SET
        name = fields.name, description = fields.description, config = fields.config,
        defaults = fields.defaults, authentication = fields.authentication, tags = fields.tags,
        key_order = fields.key_order, yaml_version = CASE WHEN from_v1 THEN 'v1' ELSE p.yaml_version END
    WHERE p.id = target AND (
        p.name, p.description, p.config, p.defaults, p.authentication, p.tags, p.key_order,
        from_v1 AND p.yaml_version <> 'v1'
    ) IS DISTINCT FROM (
        fields.name, fields.description, fields.config, fields.defaults, fields.authentication,
        fields.tags, fields.key_order, FALSE
    );
    is_changed := FOUND;
EXCEPTION
    -- the only index whose entries a file can make too long
    WHEN program_limit_exceeded THEN
        PERFORM yaml.fail_at('YP001', source, path || 'environment'::TEXT,
            'environment is too large for the index idx_pipelines_config_env', 'less than 2600 bytes');
END;
$$;
COMMENT ON FUNCTION yaml.store_pipeline(TEXT, TEXT[], RECORD, BOOLEAN, UUID, UUID) IS
'Inserts the row of a pipeline, or updates target if it is given and differs. fields: what yaml.pipeline_row() made of the source.';

CREATE FUNCTION yaml.known_steps(target UUID, steps JSONB) RETURNS JSONB
LANGUAGE plpgsql
SET enable_nestloop = off
AS $$
BEGIN
    RETURN (
        WITH known AS MATERIALIZED (
            -- VOLATILE, so that every new step gets its id here, once: its children need it, too
            SELECT n.name, coalesce(s.id, gen_random_uuid()) AS id
            FROM jsonb_to_recordset(steps) AS n (name TEXT)
            LEFT JOIN public.steps AS s ON s.pipeline_id = target AND s.name = n.name
        )
        SELECT jsonb_agg(n.node || jsonb_build_object('id', k.id, 'parent_step_id', p.id))
        FROM jsonb_array_elements(steps) AS n (node)
        INNER JOIN known AS k ON n.node ->> 'name' = k.name
        LEFT JOIN known AS p ON n.node ->> 'parent' = p.name
    );
END;
$$;
COMMENT ON FUNCTION yaml.known_steps(UUID, JSONB) IS
'The steps given, each with its id and that of its parent: a step keeps its id by its name, and with it its comments and its place on the canvas; a new one gets one.';

CREATE FUNCTION yaml.removed_steps(target UUID, steps JSONB) RETURNS TEXT[]
LANGUAGE plpgsql STABLE
SET enable_nestloop = off
AS $$
BEGIN
    RETURN ARRAY(
        SELECT format('step "%s": removed', s.name) || CASE count(c.id)
            WHEN 0 THEN '' WHEN 1 THEN ', with its comment' ELSE format(', with its %s comments', count(c.id)) END
        FROM public.steps AS s
        LEFT JOIN public.comments AS c ON c.pipeline_id = target AND s.id = c.step_id
        WHERE s.pipeline_id = target AND NOT EXISTS (
            SELECT FROM jsonb_to_recordset(steps) AS n (name TEXT) WHERE n.name = s.name
        )
        GROUP BY s.name ORDER BY s.name
    );
END;
$$;
COMMENT ON FUNCTION yaml.removed_steps(UUID, JSONB) IS
'What yaml.store_steps() is about to delete, for the report: a step renamed in the file is a removed one, and what people said about it goes with it.';

CREATE FUNCTION yaml.store_steps(target UUID, steps JSONB) RETURNS INTEGER
LANGUAGE plpgsql
SET enable_nestloop = off
AS $$
DECLARE
    rows JSONB := yaml.known_steps(target, steps);
    merged INTEGER;
    deleted INTEGER;
BEGIN
    MERGE INTO public.steps AS s
    USING jsonb_to_recordset(rows) AS n (
        id UUID, name TEXT, type TEXT, branch TEXT, order_index INTEGER, level INTEGER,
        config JSONB, key_order JSONB, parent_step_id UUID
    ) ON s.id = n.id AND s.pipeline_id = target
    -- not left to the trigger a_skip_unchanged, which takes a compressed value for a changed one
    WHEN MATCHED AND
        (s.type, s.config, s.key_order, s.parent_step_id, s.branch, s.order_index)
        IS DISTINCT FROM
        (n.type, n.config, n.key_order, n.parent_step_id, n.branch, n.order_index)
    THEN UPDATE SET
        type = n.type, config = n.config, key_order = n.key_order,
        parent_step_id = n.parent_step_id, branch = n.branch, order_index = n.order_index,
        -- the editor's own, unless it is the file that has changed its mind
        enabled = CASE WHEN n.config -> 'enabled' IS DISTINCT FROM s.config -> 'enabled'
            THEN n.config -> 'enabled' IS DISTINCT FROM 'false' ELSE s.enabled END
    WHEN NOT MATCHED THEN INSERT (
        id, pipeline_id, name, type, config, key_order, parent_step_id, branch, order_index,
        enabled, position_x, position_y
    ) VALUES (
        n.id, target, n.name, n.type, n.config, n.key_order, n.parent_step_id, n.branch, n.order_index,
        n.config -> 'enabled' IS DISTINCT FROM 'false', n.order_index * 280, n.level * 160
    );
    GET DIAGNOSTICS merged = ROW_COUNT;
    DELETE FROM public.steps AS s
    WHERE s.pipeline_id = target AND NOT EXISTS (
        SELECT FROM jsonb_to_recordset(steps) AS n (name TEXT) WHERE n.name = s.name
    );
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN merged + deleted;
END;
$$;
COMMENT ON FUNCTION yaml.store_steps(UUID, JSONB) IS
'Makes the steps of a pipeline those given and returns how many rows that wrote: same names are updated, new ones inserted, the others deleted. New steps stand in rows by level on the canvas.';

CREATE FUNCTION yaml.stored_links(target UUID, steps JSONB) RETURNS JSONB
LANGUAGE plpgsql STABLE
SET enable_nestloop = off
AS $$
DECLARE
    stored JSONB := (
        SELECT coalesce(jsonb_agg(jsonb_build_object('name', s.name, 'type', s.type, 'config', s.config)), '[]')
        FROM public.steps AS s WHERE s.pipeline_id = target
    );
    -- with other variables of loops the same config may imply something else
    is_as_before BOOLEAN := yaml.loop_variables(stored) = yaml.loop_variables(steps);
BEGIN
    RETURN (
        SELECT yaml.link_list(coalesce(jsonb_agg(
            -- else what the same config implied it implies still: not asked, since asking is dear
            CASE WHEN is_as_before AND n.config = (o.node -> 'config')
                THEN o.node || jsonb_build_object('config', jsonb_build_object(
                    'iterator', n.config -> 'iterator', 'as', n.config -> 'as'))
                ELSE o.node END
        ), '[]'))
        FROM jsonb_array_elements(stored) AS o (node)
        LEFT JOIN jsonb_to_recordset(steps) AS n (name TEXT, config JSONB) ON o.node ->> 'name' = n.name
    );
END;
$$;
COMMENT ON FUNCTION yaml.stored_links(UUID, JSONB) IS
'The connections that the stored configs imply, in the form of yaml.link_list(); those that the given steps certainly imply as well may be missing.';

CREATE FUNCTION yaml.store_connections(target UUID, old_links JSONB, new_links JSONB)
RETURNS INTEGER
LANGUAGE plpgsql
SET enable_nestloop = off
AS $$
DECLARE
    deleted INTEGER;
    inserted INTEGER;
BEGIN
    -- those that the old configs implied and the new ones do not; what was drawn by hand stays
    DELETE FROM public.connections AS c
    USING public.steps AS f, public.steps AS t, (
        SELECT o.* FROM jsonb_to_recordset(old_links) AS o (
            from_step TEXT, to_step TEXT, from_output TEXT, to_input TEXT
        )
        EXCEPT
        SELECT n.* FROM jsonb_to_recordset(new_links) AS n (
            from_step TEXT, to_step TEXT, from_output TEXT, to_input TEXT
        )
    ) AS gone
    WHERE c.pipeline_id = target AND f.id = c.from_step_id AND t.id = c.to_step_id
        AND f.pipeline_id = target AND t.pipeline_id = target
        AND gone.from_step = f.name AND gone.to_step = t.name
        AND gone.from_output = c.from_output AND gone.to_input = c.to_input;
    GET DIAGNOSTICS deleted = ROW_COUNT;

    INSERT INTO public.connections (pipeline_id, from_step_id, to_step_id, from_output, to_input)
    SELECT DISTINCT target, f.id, t.id, d.from_output, d.to_input
    FROM jsonb_to_recordset(new_links) AS d (
        from_step TEXT, to_step TEXT, from_output TEXT, to_input TEXT, problem TEXT
    )
    INNER JOIN public.steps AS f ON f.pipeline_id = target AND d.from_step = f.name
    INNER JOIN public.steps AS t ON t.pipeline_id = target AND d.to_step = t.name
    LEFT JOIN public.connections AS c ON c.pipeline_id = target
        AND c.from_step_id = f.id AND c.to_step_id = t.id
        AND d.from_output = c.from_output AND d.to_input = c.to_input
    WHERE d.problem IS NULL AND c.id IS NULL
    ON CONFLICT (from_step_id, to_step_id, from_output, to_input) DO NOTHING;
    GET DIAGNOSTICS inserted = ROW_COUNT;
    RETURN deleted + inserted;
END;
$$;
COMMENT ON FUNCTION yaml.store_connections(UUID, JSONB, JSONB) IS
'Draws the connections that the new configs imply (yaml.link_list()), takes away those that only the old ones implied, and returns how many rows that wrote.';

ALTER FUNCTION yaml.check_team(UUID) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.team_hint() OWNER TO pipeline_owner;
ALTER FUNCTION yaml.import_team(UUID) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.lock_pipeline(UUID, UUID) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.store_pipeline(TEXT, TEXT[], RECORD, BOOLEAN, UUID, UUID)
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.known_steps(UUID, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.removed_steps(UUID, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.store_steps(UUID, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.stored_links(UUID, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.store_connections(UUID, JSONB, JSONB) OWNER TO pipeline_owner;

-- Pipelines as YAML: import, and the migration of version 1. Everything runs as the caller, under
-- row security, and in the caller's transaction: the whole file or nothing.

CREATE FUNCTION yaml.read_pipeline(
    source TEXT, from_v1 BOOLEAN,
    OUT document JSON, OUT shape TEXT, OUT path TEXT[], OUT workflow JSON, OUT changes TEXT[]
)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    documents TEXT[] := yaml.documents(coalesce(source, ''));
BEGIN
    changes := '{}';
    IF cardinality(documents) <> 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'YA006',
            MESSAGE = format('the text holds %s documents', cardinality(documents)),
            DETAIL = 'Expected one document.';
    END IF;
    document := documents[1];
    shape := yaml.pipeline_shape(document);
    IF shape IS NULL THEN
        PERFORM yaml.fail_at('YP001', source, '{}', 'this is no pipeline',
            'a mapping with the key workflow, or with name and steps');
    END IF;
    path := CASE shape WHEN 'workflow' THEN '{workflow}' ELSE '{}' END;
    IF shape = 'pipeline' AND NOT from_v1 AND EXISTS (
        SELECT FROM json_object_keys(document -> 'pipeline') AS k
        WHERE k <> 'pipeline' AND document -> k IS NOT NULL
    ) THEN
        PERFORM yaml.fail_at('YP001', source, '{pipeline}', 'a key stands both below pipeline and beside it', 'it once');
    END IF;
    IF from_v1 THEN
        SELECT m.document, m.changes INTO document, changes FROM yaml.migrate_document(document) AS m;
        shape := 'workflow';
    END IF;
    workflow := CASE shape WHEN 'workflow' THEN document -> 'workflow' ELSE document END;
    -- pipelines.config holds below it what stands beside the workflow
    IF workflow -> '$root' IS NOT NULL OR (shape = 'pipeline' AND workflow #> '{pipeline,$root}' IS NOT NULL) THEN
        PERFORM yaml.fail_at('YP001', source,
            path || CASE WHEN workflow -> '$root' IS NULL THEN '{pipeline,$root}' ELSE '{$root}' END::TEXT[],
            'the key $root is taken', 'another key');
    END IF;
    IF json_typeof(workflow -> 'steps') IS DISTINCT FROM 'array' THEN
        PERFORM yaml.fail_at('YP001', source, path || 'steps'::TEXT, 'the pipeline has no list of steps', 'steps: with a list');
    END IF;
END;
$$;
COMMENT ON FUNCTION yaml.read_pipeline(TEXT, BOOLEAN) IS
'A pipeline file as JSON, migrated if it is of version 1: its layout, the path to the workflow in the source, the workflow, and what the migration changed. YP001 if it is no pipeline.';

CREATE FUNCTION yaml.check_steps(source TEXT, root TEXT[], workflow JSON, steps JSONB) RETURNS VOID
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    max_bytes CONSTANT INTEGER := 2000;   -- what fits a row of the index behind unique_step_name
    bad RECORD;
BEGIN
    FOR bad IN
        SELECT
            s.path, s.name, s.type,
            NOT EXISTS (SELECT FROM yaml.required_fields(s.type)) AS is_unknown,
            row_number() OVER (PARTITION BY s.name ORDER BY s.place) > 1 AS is_repeated
        FROM jsonb_to_recordset(steps) AS s (path TEXT[], place INTEGER[], name TEXT, type TEXT)
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
        ELSIF octet_length(bad.name) > max_bytes THEN
            PERFORM yaml.fail_at('YP001', source, root || bad.path || 'name'::TEXT,
                'the step''s name is too long', format('at most %s bytes', max_bytes));
        ELSIF bad.is_unknown THEN
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
COMMENT ON FUNCTION yaml.check_steps(TEXT, TEXT[], JSON, JSONB) IS
'Refuses, with the place in the source, a step without name or type or with a name that is no text or too long (YP001), of an unknown type (YP002), or with the name of another (YP003). root leads to the workflow; steps are yaml.step_list() of it.';

CREATE FUNCTION yaml.import_findings(
    workflow JSON, steps JSONB, links JSONB, from_v1 BOOLEAN, is_strict BOOLEAN
) RETURNS TEXT[]
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    warnings TEXT[] := ARRAY(SELECT w FROM yaml.import_warnings(steps, links) AS w);
BEGIN
    IF from_v1 THEN
        warnings := ARRAY(SELECT w FROM yaml.v1_warnings(workflow, steps) AS w) || warnings;
    END IF;
    IF is_strict AND warnings <> '{}' THEN
        RAISE EXCEPTION USING ERRCODE = 'YP005',
            MESSAGE = format('%s findings', cardinality(warnings)),
            DETAIL = array_to_string(warnings, E'\n');
    END IF;
    RETURN warnings;
END;
$$;
COMMENT ON FUNCTION yaml.import_findings(JSON, JSONB, JSONB, BOOLEAN, BOOLEAN) IS
'What is to be said of a file that can be imported; YP005 if there is anything and is_strict.';

CREATE FUNCTION import_pipeline(
    yaml_content TEXT,
    team_id UUID DEFAULT NULL,
    pipeline_id UUID DEFAULT NULL,
    from_v1 BOOLEAN DEFAULT FALSE,
    is_strict BOOLEAN DEFAULT FALSE
) RETURNS JSONB
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    file RECORD := yaml.read_pipeline(yaml_content, from_v1);
    steps JSONB := yaml.step_list(file.workflow);
    links JSONB;
    warnings TEXT[];
    fields RECORD;
    stored RECORD;
    old_links JSONB;
    written INTEGER;
    version INTEGER;
BEGIN
    PERFORM yaml.check_steps(yaml_content, file.path, file.workflow, steps);
    fields := yaml.pipeline_row(file.document, file.shape);
    IF coalesce(fields.name, '') = '' THEN
        PERFORM yaml.fail_at('YP001', yaml_content, file.path || 'name'::TEXT, 'the pipeline has no name', 'name: with a text');
    END IF;
    links := yaml.link_list(steps);
    warnings := yaml.import_findings(file.workflow, steps, links, from_v1, is_strict);

    stored := yaml.store_pipeline(yaml_content, file.path, fields, from_v1, team_id, pipeline_id);
    -- read before the steps are stored
    file.changes := file.changes || yaml.removed_steps(stored.target, steps);
    old_links := yaml.stored_links(stored.target, steps);
    written := stored.is_changed::INTEGER + yaml.store_steps(stored.target, steps);
    written := written + yaml.store_connections(stored.target, old_links, links);
    IF written > 0 THEN
        version := public.create_pipeline_version(stored.target, array_to_string(
            ARRAY[CASE WHEN from_v1 THEN 'Migrated from YAML version 1' ELSE 'Imported from YAML' END]
            || file.changes || warnings, E'\n'));
    END IF;
    RETURN jsonb_build_object(
        'pipeline_id', stored.target, 'name', fields.name,
        'status', CASE WHEN pipeline_id IS NULL THEN 'created' WHEN written > 0 THEN 'updated' ELSE 'unchanged' END,
        'version_number', version, 'steps', jsonb_array_length(steps),
        'connections', (SELECT count(*) FROM public.connections AS c WHERE c.pipeline_id = stored.target),
        'changes', to_jsonb(file.changes), 'warnings', to_jsonb(warnings));
END;
$$;
COMMENT ON FUNCTION import_pipeline(TEXT, UUID, UUID, BOOLEAN, BOOLEAN) IS
'Stores a pipeline file and returns a report: {pipeline_id, name, status, version_number, steps, connections, changes (what version 1 said otherwise, steps removed), warnings}, also kept as change_summary of the version it makes. status: created, updated, or unchanged, when the file says what is stored already: no row is written then, no version made, and version_number is null.
team_id: NULL, the only team the caller can write in. pipeline_id: NULL, a new pipeline; else that one is brought to the state of the file: its steps keep their ids, comments and places by name, and a step that the file no longer has goes with its comments. from_v1: the file is of version 1. is_strict: warnings are errors.
Runs as the caller, under row security. SQLSTATE: those of parse_yaml(text);
YP001 no pipeline, or a step without name or type, or too long a name; YP002 an unknown step type; YP003 two steps of one name;
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

ALTER FUNCTION yaml.read_pipeline(TEXT, BOOLEAN) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.check_steps(TEXT, TEXT[], JSON, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.import_findings(JSON, JSONB, JSONB, BOOLEAN, BOOLEAN) OWNER TO pipeline_owner;
ALTER FUNCTION import_pipeline(TEXT, UUID, UUID, BOOLEAN, BOOLEAN) OWNER TO pipeline_owner;
ALTER FUNCTION import_pipeline_yaml(TEXT, UUID, UUID) OWNER TO pipeline_owner;
ALTER FUNCTION migrate_v1_pipeline(TEXT, UUID) OWNER TO pipeline_owner;
ALTER FUNCTION migrate_v1_pipeline(TEXT) OWNER TO pipeline_owner;

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
