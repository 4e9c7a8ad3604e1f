-- YAML 1.2 in plain PL/pgSQL, part 3 of 3: the composer, events -> JSON text, and the functions
-- to call. JSON text is put together from fragments and cast once; it keeps the order of keys.

CREATE FUNCTION yaml.core_scalar(val TEXT, line_no INTEGER, col INTEGER) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    max_digits CONSTANT INTEGER := 16000;   -- type numeric keeps 16383 after the point
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
            IF length(val) >= max_digits OR val ~ '[eE][-+]?0*[1-9][0-9]{5}'
                OR length(val) + substring(val FROM '[eE][-+]?([0-9]+)$')::NUMERIC >= max_digits THEN
                PERFORM yaml.fail('YA002', line_no, col, 'the number is too large for type numeric',
                    format('fewer than %s digits', max_digits));
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
'The JSON text of a plain scalar by the core schema (YAML 1.2.2, 10.3.2). YA002 for .inf, .nan and numbers beyond 16000 digits.';

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

CREATE FUNCTION yaml.alias_targets(
    events "char"[], tokens INTEGER[], vals TEXT[], line_nos INTEGER[], cols INTEGER[]
) RETURNS INTEGER[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    targets INTEGER[];
    bad RECORD;
BEGIN
    -- the last anchor of the name before it in the same document
    WITH event AS (
        SELECT u.ord::INTEGER AS ord, u.kind, vals[u.token] AS name,
            count(*) FILTER (WHERE u.kind = 'D') OVER (ORDER BY u.ord) AS document
        FROM unnest(events, tokens) WITH ORDINALITY AS u (kind, token, ord)
        WHERE u.kind IN ('D', '&', '*', 'A')
    ), target AS (
        SELECT e.ord, e.kind, max(e.ord) FILTER (WHERE e.kind = '&') OVER (
            PARTITION BY e.document, substr(e.name, 2) ORDER BY e.ord) AS anchor
        FROM event AS e
    )
    SELECT array_agg(t.anchor ORDER BY g.ord) INTO targets
    FROM generate_series(1, cardinality(events)) AS g (ord)
    LEFT JOIN target AS t ON t.ord = g.ord AND t.kind IN ('*', 'A');

    SELECT u.token, vals[u.token] AS name INTO bad
    FROM unnest(events, tokens, targets) AS u (kind, token, anchor)
    WHERE u.kind IN ('*', 'A') AND u.anchor IS NULL
    ORDER BY u.token LIMIT 1;
    IF bad.name IS NOT NULL THEN
        PERFORM yaml.fail('YA004', line_nos[bad.token], cols[bad.token],
            format('no anchor for alias %s', bad.name), format('&%s before it', substr(bad.name, 2)));
    END IF;
    RETURN targets;
END;
$$;
COMMENT ON FUNCTION yaml.alias_targets("char"[], INTEGER[], TEXT[], INTEGER[], INTEGER[]) IS
'For each event that is an alias the number of the event that anchors it, else NULL. YA004 for an alias without anchor.';

CREATE FUNCTION yaml.refuse_duplicate_keys(
    tokens INTEGER[], vals TEXT[], line_nos INTEGER[], cols INTEGER[],
    key_events INTEGER[], key_maps INTEGER[], alias_keys TEXT[]
) RETURNS VOID
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    bad RECORD;
BEGIN
    SELECT
        coalesce(alias_keys[k.ord], vals[tokens[k.event]]) AS name,
        tokens[max(k.event)] AS token,
        line_nos[tokens[min(k.event)]] AS first_line
    INTO bad
    FROM unnest(key_events, key_maps) WITH ORDINALITY AS k (event, map, ord)
    GROUP BY k.map, 1
    HAVING count(*) > 1
    ORDER BY max(k.event) LIMIT 1;
    IF bad.token IS NOT NULL THEN
        PERFORM yaml.fail('YA003', line_nos[bad.token], cols[bad.token],
            format('the key "%s" is there already, on line %s', bad.name, bad.first_line), 'another key');
    END IF;
END;
$$;
COMMENT ON FUNCTION yaml.refuse_duplicate_keys(INTEGER[], TEXT[], INTEGER[], INTEGER[], INTEGER[], INTEGER[], TEXT[]) IS
'Raises YA003 if two keys of one mapping are the same text. key_maps: for each event in key_events the mapping it is in; alias_keys: the texts of those that are aliases.';

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
    -- open collections: number, first piece, anchor, levels below it, line of a merge key in it
    depth INTEGER := 0;
    map_no INTEGER := 0;
    maps INTEGER := 0;
    map_nos INTEGER[] := '{}';
    starts INTEGER[] := '{}';
    anchors INTEGER[] := '{}';
    levels INTEGER[] := '{}';
    merges INTEGER[] := '{}';
    -- keys, for the check at the end
    keys INTEGER := 0;
    key_events INTEGER[] := '{}';
    key_maps INTEGER[] := '{}';
    alias_keys TEXT[] := '{}';    -- texts of those keys that are aliases
    -- anchored nodes, by event: JSON text, or first and last piece; levels
    has_alias BOOLEAN := '*' = ANY(events) OR 'A' = ANY(events);
    targets INTEGER[];
    node_text TEXT[] := '{}';
    node_first INTEGER[] := '{}';
    node_last INTEGER[] := '{}';
    node_levels INTEGER[] := '{}';
    expanded INTEGER := 0;         -- characters that aliases and merges added
    parts TEXT[];
BEGIN
    IF has_alias THEN
        targets := yaml.alias_targets(events, tokens, vals, line_nos, cols);
    END IF;
    FOR e IN 1..coalesce(cardinality(events), 0) LOOP
        kind := events[e];
        token := tokens[e];
        val := vals[token];
        CASE kind
            WHEN 'K', 'Q', 'A' THEN
                IF kind = 'A' THEN
                    json := node_text[targets[e]];
                    IF json IS NULL THEN
                        PERFORM yaml.fail('YA002', line_nos[token], cols[token], 'a collection as key: JSON has only texts as keys', 'an alias of a text');
                    END IF;
                    json := CASE WHEN left(json, 1) = '"' THEN json ELSE '"' || json || '"' END;
                    alias_keys[keys + 1] := json::JSON #>> '{}';
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
                key_events[keys] := e;
                key_maps[keys] := map_no;
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
                    levels[depth] := 1;
                    anchor := NULL;
                END IF;
            WHEN '}', ']' THEN
                n := n + 1;
                pieces[n] := kind;
                separator := ',';
                IF merges[depth] IS NOT NULL THEN
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
                IF node_levels[targets[e]] IS NULL THEN
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
                    levels[depth] := greatest(levels[depth], node_levels[targets[e]] + 1);
                    IF depth + node_levels[targets[e]] > max_depth THEN
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
    PERFORM yaml.refuse_duplicate_keys(tokens, vals, line_nos, cols, key_events, key_maps, alias_keys);
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
YA002 valid YAML that jsonb cannot hold: an empty key, a collection as key, .inf, .nan, U+0000, half a surrogate pair, a number of 16000 digits;
YA003 a key twice in one mapping;
YA004 an alias without anchor or inside its own node, an undeclared tag handle;
YA005 over a limit: 4 MiB of text, 200 levels of nesting, 4194304 characters added by aliases and merges;
YA006 more than one document, which parse_yaml_stream(text) returns.';
