-- YAML 1.2 in plain PL/pgSQL, part 3 of 3: the composer, events -> JSON text, and the functions
-- to call. JSON text is put together from fragments and cast once; it keeps the order of keys.

CREATE FUNCTION yaml.core_scalar(val TEXT, line_no INTEGER, col INTEGER) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    max_digits CONSTANT INTEGER := 16000;   -- type numeric keeps 16383 after the point
    max_exponent CONSTANT INTEGER := 400;   -- jsonb writes 1e400 as 401 digits
    magnitude NUMERIC := 0;
BEGIN
    CASE
        WHEN val ~ '^-?(?:0|[1-9][0-9]*)$' AND length(val) < max_digits THEN
            RETURN val;
        WHEN val IN ('', '~', 'null', 'Null', 'NULL') THEN
            RETURN 'null';
        WHEN val IN ('true', 'True', 'TRUE') THEN
            RETURN 'true';
        WHEN val IN ('false', 'False', 'FALSE') THEN
            RETURN 'false';
        WHEN val ~ '^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$' THEN
            IF length(val) >= max_digits
                OR substring(val FROM '[eE][-+]?([0-9]+)$')::NUMERIC > max_exponent THEN
                PERFORM yaml.fail('YA002', line_no, col, 'the number is too large or too small',
                    format('fewer than %s digits, an exponent up to %s', max_digits, max_exponent));
            END IF;
            RETURN val::NUMERIC::TEXT;
        WHEN val ~ '^0o[0-7]+$|^0x[0-9a-fA-F]+$' THEN
            IF length(val) > 400 THEN
                PERFORM yaml.fail('YA002', line_no, col, 'the number is too large', 'at most 398 digits');
            END IF;
            FOR i IN 3..length(val) LOOP
                magnitude := magnitude * CASE substr(val, 2, 1) WHEN 'o' THEN 8 ELSE 16 END
                    + strpos('123456789abcdef', lower(substr(val, i, 1)));
            END LOOP;
            RETURN magnitude::TEXT;
        WHEN val ~ '^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$' THEN
            PERFORM yaml.fail('YA002', line_no, col, format('the number %s: JSON has no such number', val),
                'a finite number, or quotes around it');
        ELSE
            RETURN to_json(val)::TEXT;
    END CASE;
END;
$$;
COMMENT ON FUNCTION yaml.core_scalar(TEXT, INTEGER, INTEGER) IS
'The JSON text of a plain scalar by the core schema (YAML 1.2.2, 10.3.2). YA002 for .inf, .nan, numbers beyond 16000 digits or an exponent beyond 400.';

CREATE FUNCTION yaml.resolve_tag(
    tag TEXT, directives TEXT[], line_no INTEGER, col INTEGER
) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    handle TEXT := coalesce(substring(tag FROM '^!(?:[0-9A-Za-z-]*!)?'), '!');
    suffix TEXT := substr(tag, length(handle) + 1);
    prefix TEXT;
BEGIN
    IF tag ~ '^!<.*>$' THEN
        IF tag !~ '^!<(?:![^! \t<>{}\[\],]+|[A-Za-z][A-Za-z0-9+.-]*:[^ \t<>{}"]*)>$' THEN
            PERFORM yaml.fail('YA001', line_no, col, 'malformed verbatim tag', '!<scheme:name> or !<!name>');
        END IF;
        RETURN substr(tag, 3, length(tag) - 3);
    ELSIF tag = '!' THEN
        RETURN 'tag:yaml.org,2002:str';   -- the non-specific tag [99]: no guessing
    ELSIF suffix = '' OR suffix ~ '[!<>"{}]' THEN
        PERFORM yaml.fail('YA001', line_no, col, 'malformed tag', 'a name after ' || handle);
    END IF;
    FOR i IN 1..coalesce(cardinality(directives), 0) LOOP
        IF split_part(directives[i], ' ', 1) = handle THEN
            prefix := split_part(directives[i], ' ', 2);
        END IF;
    END LOOP;
    IF prefix IS NULL AND handle NOT IN ('!', '!!') THEN
        PERFORM yaml.fail('YA004', line_no, col, format('the tag handle %s is not declared', handle),
            format('%%TAG %s ... before "---"', handle));
    END IF;
    RETURN coalesce(prefix, CASE handle WHEN '!!' THEN 'tag:yaml.org,2002:' ELSE '!' END) || suffix;
END;
$$;
COMMENT ON FUNCTION yaml.resolve_tag(TEXT, TEXT[], INTEGER, INTEGER) IS
'The full tag of c-ns-tag-property [97]. directives: "handle prefix" of each %TAG in force. YA001, YA004 for an undeclared handle.';

CREATE FUNCTION yaml.tagged_scalar(
    tag TEXT, val TEXT, is_plain BOOLEAN, line_no INTEGER, col INTEGER
) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    name TEXT := substring(tag FROM '^tag:yaml\.org,2002:(str|int|float|bool|null|seq|map)$');
    json TEXT;
BEGIN
    IF name = 'str' OR (name IS NULL AND NOT is_plain) THEN
        RETURN to_json(val)::TEXT;
    ELSIF name IN ('seq', 'map') THEN
        PERFORM yaml.fail('YA001', line_no, col, format('tag !!%s on a scalar', name), 'a collection');
    END IF;
    json := yaml.core_scalar(val, line_no, col);
    IF name <> (CASE
        WHEN json = 'null' THEN 'null' WHEN json IN ('true', 'false') THEN 'bool'
        WHEN left(json, 1) = '"' THEN 'str' WHEN name = 'float' THEN 'float'
        WHEN json ~ '^-?[0-9]+$' THEN 'int' ELSE 'float' END) THEN
        PERFORM yaml.fail('YA001', line_no, col, format('%s is not a value of !!%s', json, name),
            'a value of that type, or no tag');
    END IF;
    RETURN json;
END;
$$;
COMMENT ON FUNCTION yaml.tagged_scalar(TEXT, TEXT, BOOLEAN, INTEGER, INTEGER) IS
'The JSON text of a scalar with a tag: the seven tags of the core schema are honoured (YA001 if the value does not fit), others ignored.';

CREATE FUNCTION yaml.merge(mapping TEXT, line_no INTEGER, col INTEGER) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    own JSON := mapping::JSON;
    merged JSON := own -> '<<';
    sources JSON := CASE json_typeof(merged) WHEN 'array' THEN merged ELSE json_build_array(merged) END;
BEGIN
    IF EXISTS (SELECT FROM json_array_elements(sources) AS s WHERE json_typeof(s) <> 'object') THEN
        PERFORM yaml.fail('YA001', line_no, col, 'a merge key without a mapping to merge', 'a mapping or a list of mappings');
    END IF;
    RETURN (
        SELECT '{' || coalesce(string_agg(to_json(pair.key)::TEXT || ':' || pair.value, ',' ORDER BY pair.place), '') || '}'
        FROM (
            SELECT DISTINCT ON (candidate.key) candidate.key, candidate.value, candidate.place
            FROM (
                SELECT o.key, o.value::TEXT, ARRAY[0, o.ordinality] AS place
                FROM json_each(own) WITH ORDINALITY AS o WHERE o.key <> '<<'
                UNION ALL
                SELECT e.key, e.value::TEXT, ARRAY[s.ordinality, e.ordinality]
                FROM json_array_elements(sources) WITH ORDINALITY AS s,
                    json_each(s.value) WITH ORDINALITY AS e
            ) AS candidate
            ORDER BY candidate.key, candidate.place
        ) AS pair
    );
END;
$$;
COMMENT ON FUNCTION yaml.merge(TEXT, INTEGER, INTEGER) IS
'Replaces the member "<<" of a JSON object by the members of the object or objects it holds: own members win, then earlier ones (YAML merge key, https://yaml.org/type/merge.html). YA001.';

CREATE FUNCTION yaml.alias_targets(events "char"[], names TEXT[]) RETURNS INTEGER[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT array_agg(t.anchor ORDER BY t.ord)
    FROM (
        SELECT
            e.ord,
            CASE WHEN e.kind IN ('*', 'A') THEN
                max(e.ord) FILTER (WHERE e.kind = '&') OVER (
                    PARTITION BY e.document, e.name ORDER BY e.ord
                )
            END AS anchor
        FROM (
            SELECT
                u.ord::INTEGER AS ord, u.kind, u.name,
                count(*) FILTER (WHERE u.kind = 'D') OVER (ORDER BY u.ord) AS document
            FROM unnest(events, names) WITH ORDINALITY AS u (kind, name, ord)
        ) AS e
    ) AS t;
$$;
COMMENT ON FUNCTION yaml.alias_targets("char"[], TEXT[]) IS
'For each event that is an alias the number of the last event before it in its document that anchors its name, else NULL. names: of the anchors and aliases among the events.';

CREATE FUNCTION yaml.repeated_key(key_maps INTEGER[], key_names TEXT[])
RETURNS TABLE (first_key INTEGER, second_key INTEGER)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT min(k.ord)::INTEGER, max(k.ord)::INTEGER
    FROM unnest(key_maps, key_names) WITH ORDINALITY AS k (map, name, ord)
    GROUP BY k.map, k.name
    HAVING count(*) > 1
    ORDER BY max(k.ord) LIMIT 1;
$$;
COMMENT ON FUNCTION yaml.repeated_key(INTEGER[], TEXT[]) IS
'Two keys of the same text in the same mapping, by their places in the arrays; no row if there are none.';

CREATE FUNCTION yaml.compose(
    events "char"[], tokens INTEGER[], vals TEXT[], line_nos INTEGER[], cols INTEGER[]
) RETURNS TEXT[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    max_expanded CONSTANT INTEGER := 4194304;
    max_depth CONSTANT INTEGER := 200;
    documents TEXT[] := '{}';
    pieces TEXT[] := '{}';        -- the JSON text of this document so far
    n INTEGER := 0;                -- of them are in use
    separator TEXT := '';          -- before the next value or key
    kind "char";
    val TEXT;
    json TEXT;
    token INTEGER;
    anchor INTEGER;                -- event of the anchor of the next node
    tag TEXT;                      -- tag of the next node
    directives TEXT[] := '{}';
    has_version BOOLEAN := FALSE;
    -- open collections: number, first piece, anchor, event, levels below it, line of a merge key in it
    depth INTEGER := 0;
    map_no INTEGER := 0;
    maps INTEGER := 0;
    map_nos INTEGER[] := '{}';
    starts INTEGER[] := '{}';
    anchors INTEGER[] := '{}';
    opens INTEGER[] := '{}';
    levels INTEGER[] := '{}';
    merges INTEGER[] := '{}';
    -- keys, for the check at the end
    keys INTEGER := 0;
    key_maps INTEGER[] := '{}';
    key_names TEXT[] := '{}';
    key_tokens INTEGER[] := '{}';
    repeated RECORD;
    -- anchored nodes, by event: JSON text, or first and last piece; levels
    has_alias BOOLEAN := '*' = ANY(events) OR 'A' = ANY(events);
    names TEXT[] := '{}';
    targets INTEGER[];
    is_used BOOLEAN[] := '{}';
    node_text TEXT[] := '{}';
    node_first INTEGER[] := '{}';
    node_last INTEGER[] := '{}';
    node_levels INTEGER[] := '{}';
    expanded INTEGER := 0;         -- characters that aliases and merges added
    parts TEXT[];
BEGIN
    IF has_alias THEN
        FOR e IN 1..cardinality(events) LOOP
            names[e] := CASE WHEN events[e] IN ('&', '*', 'A') THEN substr(vals[tokens[e]], 2) END;
        END LOOP;
        targets := yaml.alias_targets(events, names);
        FOR e IN 1..cardinality(events) LOOP
            IF targets[e] IS NOT NULL THEN
                is_used[targets[e]] := TRUE;
            END IF;
        END LOOP;
    END IF;
    FOR e IN 1..coalesce(cardinality(events), 0) LOOP
        kind := events[e];
        token := tokens[e];
        val := vals[token];
        CASE kind
            WHEN 'K', 'Q', 'A' THEN
                IF kind = 'A' THEN
                    json := node_text[targets[e]];
                    IF targets[e] IS NULL THEN
                        PERFORM yaml.fail('YA004', line_nos[token], cols[token],
                            format('no anchor for alias %s', val), format('&%s before it', names[e]));
                    ELSIF json IS NULL THEN
                        PERFORM yaml.fail('YA002', line_nos[token], cols[token], 'a collection as key: JSON has only texts as keys', 'an alias of a text');
                    END IF;
                    json := CASE WHEN left(json, 1) = '"' THEN json ELSE '"' || json || '"' END;
                    val := json::JSON #>> '{}';
                ELSE
                    json := to_json(val)::TEXT;
                    IF val = '' AND kind = 'K' THEN
                        PERFORM yaml.fail('YA002', line_nos[token], cols[token], 'an empty key: JSON has only texts as keys', 'a key');
                    ELSIF val = '<<' AND kind = 'K' AND tag IS NULL THEN
                        merges[depth] := token;
                    END IF;
                    IF anchor IS NOT NULL THEN
                        node_text[anchor] := json;
                        node_levels[anchor] := 0;
                        anchor := NULL;
                    END IF;
                    tag := NULL;
                END IF;
                keys := keys + 1;
                key_maps[keys] := map_no;
                key_names[keys] := val;
                key_tokens[keys] := token;
                n := n + 1;
                pieces[n] := separator || json || ':';
                separator := '';
            WHEN 'p', 'q', 'N' THEN
                IF tag IS NOT NULL THEN
                    json := yaml.tagged_scalar(tag, CASE kind WHEN 'N' THEN '' ELSE val END,
                        kind <> 'q', line_nos[token], cols[token]);
                    tag := NULL;
                ELSIF kind = 'N' THEN
                    json := 'null';
                ELSIF kind = 'q' OR strpos('-+.0123456789tTfFnN~', left(val, 1)) = 0 THEN
                    json := to_json(val)::TEXT;
                ELSE
                    json := yaml.core_scalar(val, line_nos[token], cols[token]);
                END IF;
                IF anchor IS NOT NULL THEN
                    node_text[anchor] := json;
                    node_levels[anchor] := 0;
                    anchor := NULL;
                END IF;
                n := n + 1;
                pieces[n] := separator || json;
                separator := ',';
            WHEN '{', '[' THEN
                IF tag IS NOT NULL THEN
                    IF tag ~ '^tag:yaml\.org,2002:(?:str|int|float|bool|null|seq|map)$'
                        AND tag <> 'tag:yaml.org,2002:' || (CASE kind WHEN '{' THEN 'map' ELSE 'seq' END) THEN
                        PERFORM yaml.fail('YA001', line_nos[token], cols[token], format('tag <%s> on a collection', tag), 'a fitting tag, or none');
                    END IF;
                    tag := NULL;
                END IF;
                n := n + 1;
                pieces[n] := separator || kind::TEXT;
                separator := '';
                depth := depth + 1;
                maps := maps + 1;
                map_no := maps;
                map_nos[depth] := map_no;
                merges[depth] := NULL;
                starts[depth] := n;
                IF has_alias THEN
                    anchors[depth] := anchor;
                    opens[depth] := e;
                    levels[depth] := 1;
                    anchor := NULL;
                END IF;
            WHEN '}', ']' THEN
                n := n + 1;
                pieces[n] := kind;
                separator := ',';
                IF merges[depth] IS NOT NULL THEN
                    -- anchors inside it lose their pieces: the texts of those that are used
                    FOR a IN coalesce(opens[depth], e)..e LOOP
                        CONTINUE WHEN is_used[a] IS NULL OR node_text[a] IS NOT NULL OR node_first[a] IS NULL;
                        parts := '{}';
                        FOR j IN node_first[a]..node_last[a] LOOP
                            parts[j - node_first[a] + 1] := pieces[j];
                        END LOOP;
                        node_text[a] := ltrim(array_to_string(parts, ''), ',');
                    END LOOP;
                    parts := '{}';
                    FOR j IN starts[depth]..n LOOP
                        parts[j - starts[depth] + 1] := pieces[j];
                    END LOOP;
                    json := array_to_string(parts, '');
                    separator := CASE left(json, 1) WHEN ',' THEN ',' ELSE '' END;
                    json := yaml.merge(ltrim(json, ','), line_nos[merges[depth]], cols[merges[depth]]);
                    expanded := expanded + length(json);
                    IF expanded > max_expanded THEN
                        PERFORM yaml.fail('YA005', line_nos[token], cols[token], format('merge keys expand to more than %s characters', max_expanded));
                    END IF;
                    n := starts[depth];
                    pieces[n] := separator || json;
                    separator := ',';
                END IF;
                IF has_alias THEN
                    IF anchors[depth] IS NOT NULL THEN
                        node_first[anchors[depth]] := starts[depth];
                        node_last[anchors[depth]] := n;
                        node_levels[anchors[depth]] := levels[depth];
                    END IF;
                    IF depth > 1 THEN
                        levels[depth - 1] := greatest(levels[depth - 1], levels[depth] + 1);
                    END IF;
                END IF;
                depth := depth - 1;
                map_no := map_nos[depth];
            WHEN '*' THEN
                IF targets[e] IS NULL THEN
                    PERFORM yaml.fail('YA004', line_nos[token], cols[token],
                        format('no anchor for alias %s', val), format('&%s before it', names[e]));
                ELSIF node_levels[targets[e]] IS NULL THEN
                    PERFORM yaml.fail('YA004', line_nos[token], cols[token], format('the alias %s is inside the node it stands for', val), 'an alias of a finished node');
                END IF;
                json := node_text[targets[e]];
                IF json IS NULL THEN
                    parts := '{}';
                    FOR j IN node_first[targets[e]]..node_last[targets[e]] LOOP
                        parts[j - node_first[targets[e]] + 1] := pieces[j];
                    END LOOP;
                    json := ltrim(array_to_string(parts, ''), ',');
                    node_text[targets[e]] := json;
                END IF;
                expanded := expanded + length(json);
                IF expanded > max_expanded THEN
                    PERFORM yaml.fail('YA005', line_nos[token], cols[token], format('aliases expand to more than %s characters', max_expanded));
                END IF;
                IF depth > 0 THEN
                    -- a merged mapping's members come to stand where its alias stands
                    levels[depth] := greatest(levels[depth], node_levels[targets[e]]
                        + CASE WHEN merges[depth] = tokens[e - 1] THEN 0 ELSE 1 END);
                    IF depth - 1 + levels[depth] > max_depth THEN
                        PERFORM yaml.fail('YA005', line_nos[token], cols[token], format('more than %s levels of nesting', max_depth));
                    END IF;
                END IF;
                n := n + 1;
                pieces[n] := separator || json;
                separator := ',';
            WHEN '&' THEN
                anchor := e;
            WHEN '!' THEN
                tag := yaml.resolve_tag(val, directives, line_nos[token], cols[token]);
            WHEN 'D' THEN
                IF n > 0 THEN
                    documents[cardinality(documents) + 1] := array_to_string(pieces[1:n], '');
                END IF;
                n := 0;
                separator := '';
                directives := CASE WHEN events[e - 1] = '%' THEN directives ELSE '{}' END;
                has_version := FALSE;
            ELSE   -- '%', a directive
                IF e = 1 OR events[e - 1] <> '%' THEN
                    directives := '{}';
                END IF;
                IF val ~ '^%YAML[ \t]' THEN
                    IF has_version OR val !~ '^%YAML[ \t]+1\.[0-9]+(?:[ \t]+#.*|[ \t]*)$' THEN
                        PERFORM yaml.fail('YA001', line_nos[token], 0, 'malformed or repeated %YAML directive', '%YAML 1.2');
                    END IF;
                    has_version := TRUE;
                ELSIF val ~ '^%TAG[ \t]' THEN
                    json := substring(val FROM '^%TAG[ \t]+(![0-9A-Za-z-]*!?[ \t]+[^ \t]+)(?:[ \t]+#.*|[ \t]*)$');
                    IF json IS NULL THEN
                        PERFORM yaml.fail('YA001', line_nos[token], 0, 'malformed %TAG directive', '%TAG !handle! prefix');
                    END IF;
                    directives[cardinality(directives) + 1] := regexp_replace(json, '[ \t]+', ' ');
                END IF;
        END CASE;
    END LOOP;
    IF n > 0 THEN
        documents[cardinality(documents) + 1] := array_to_string(pieces[1:n], '');
    END IF;
    SELECT r.first_key, r.second_key INTO repeated FROM yaml.repeated_key(key_maps, key_names) AS r;
    IF repeated.second_key IS NOT NULL THEN
        token := key_tokens[repeated.second_key];
        PERFORM yaml.fail('YA003', line_nos[token], cols[token],
            format('the key "%s" is there already, on line %s', key_names[repeated.second_key],
                line_nos[key_tokens[repeated.first_key]]), 'another key');
    END IF;
    RETURN documents;
END;
$$;
COMMENT ON FUNCTION yaml.compose("char"[], INTEGER[], TEXT[], INTEGER[], INTEGER[]) IS
'The JSON text of each document of an event stream: anchors, aliases and merge keys resolved, tags and the core schema applied. YA001 to YA005.';

CREATE FUNCTION yaml.documents(source TEXT) RETURNS TEXT[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    scanned RECORD;
    parsed RECORD;
BEGIN
    scanned := yaml.scan(yaml.lines(source));
    parsed := yaml.parse(scanned.kinds, scanned.line_nos, scanned.cols);
    RETURN yaml.compose(parsed.events, parsed.tokens, scanned.vals, scanned.line_nos, scanned.cols);
END;
$$;
COMMENT ON FUNCTION yaml.documents(TEXT) IS
'The documents of a YAML stream as JSON texts whose keys are in the order of the text. Raises what parse_yaml raises.';

CREATE FUNCTION parse_yaml_stream(yaml_content TEXT) RETURNS SETOF JSONB
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT d.document::JSONB
    FROM unnest(yaml.documents(yaml_content)) WITH ORDINALITY AS d (document, ord)
    ORDER BY d.ord;
END;
$$;
COMMENT ON FUNCTION parse_yaml_stream(TEXT) IS
'Every document of a YAML 1.2 text, in order; none for a text without content. Errors and limits: see parse_yaml(text).';

CREATE FUNCTION parse_yaml(yaml_content TEXT) RETURNS JSONB
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    documents TEXT[] := yaml.documents(yaml_content);
BEGIN
    IF cardinality(documents) > 1 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'YA006',
            MESSAGE = format('the text holds %s documents', cardinality(documents)),
            DETAIL = 'Expected one document.',
            HINT = 'parse_yaml_stream() returns all of them.';
    END IF;
    RETURN coalesce(documents[1], 'null')::JSONB;
END;
$$;
COMMENT ON FUNCTION parse_yaml(TEXT) IS
'The one document of a YAML 1.2 text (core schema) as jsonb; JSON null for a text without content.
A key is its text as written (1: is "1"). Merge keys (<<) are applied; core tags are honoured, others ignored.
An error names line and column in its message and in DETAIL what was expected. SQLSTATE:
YA001 malformed text;
YA002 valid YAML that jsonb cannot hold: an empty key, a collection as key, .inf, .nan, U+0000, half a surrogate pair, a number of 16000 digits or with an exponent beyond 400;
YA003 a key twice in one mapping;
YA004 an alias without anchor or inside its own node, an undeclared tag handle;
YA005 over a limit: 2 MiB of text, 200 levels of nesting, 4194304 characters added by aliases and merges;
YA006 more than one document, which parse_yaml_stream(text) returns.';

ALTER FUNCTION yaml.core_scalar(TEXT, INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.resolve_tag(TEXT, TEXT[], INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.tagged_scalar(TEXT, TEXT, BOOLEAN, INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.merge(TEXT, INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.alias_targets("char"[], TEXT[]) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.repeated_key(INTEGER[], TEXT[]) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.compose("char"[], INTEGER[], TEXT[], INTEGER[], INTEGER[])
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.documents(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION parse_yaml_stream(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION parse_yaml(TEXT) OWNER TO pipeline_owner;
