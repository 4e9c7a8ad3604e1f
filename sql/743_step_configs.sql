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
