-- Pipelines as YAML: what the rows hold of a file. No table is touched here.

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
