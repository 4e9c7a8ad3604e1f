-- YAML 1.2 in plain PL/pgSQL: the composer itself, and the functions to call. JSON text is put
-- together from fragments and cast once; it keeps the order of keys.

CREATE FUNCTION yaml.alias_targets(events "char"[], tokens INTEGER[], vals TEXT[]) RETURNS INTEGER[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    targets INTEGER[] := '{}';
    alias RECORD;
BEGIN
    IF NOT ('*' = ANY(events) OR 'A' = ANY(events)) THEN
        RETURN targets;
    END IF;
    FOR alias IN
        SELECT
            e.ord, e.kind,
            max(e.ord) FILTER (WHERE e.kind = '&') OVER (
                PARTITION BY e.document, e.name ORDER BY e.ord
            ) AS anchor
        FROM (
            SELECT
                u.ord::INTEGER AS ord, u.kind, substr(t.val, 2) AS name,
                count(*) FILTER (WHERE u.kind = 'D') OVER (ORDER BY u.ord) AS document
            FROM unnest(events, tokens) WITH ORDINALITY AS u (kind, token, ord)
            LEFT JOIN unnest(vals) WITH ORDINALITY AS t (val, ord) ON t.ord = u.token
        ) AS e
    LOOP
        IF alias.kind IN ('*', 'A') AND alias.anchor IS NOT NULL THEN
            targets[alias.ord] := alias.anchor;
            targets[alias.anchor] := alias.anchor;
        END IF;
    END LOOP;
    RETURN targets;
END;
$$;
COMMENT ON FUNCTION yaml.alias_targets("char"[], INTEGER[], TEXT[]) IS
'For each event that is an alias the number of the last event before it in its document that anchors its name; for each such anchor its own number; else null. Empty without aliases.';

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

CREATE FUNCTION yaml.joined(pieces TEXT[], first_piece INTEGER, last_piece INTEGER) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    parts TEXT[] := '{}';
BEGIN
    FOR j IN first_piece..last_piece LOOP   -- a slice would copy the whole array
        parts := parts || pieces[j];
    END LOOP;
    RETURN ltrim(array_to_string(parts, ''), ',');
END;
$$;
COMMENT ON FUNCTION yaml.joined(TEXT[], INTEGER, INTEGER) IS
'The JSON text of a node from its pieces.';

CREATE FUNCTION yaml.refuse_alias(
    val TEXT, anchor INTEGER, node TEXT, line_no INTEGER, col INTEGER
) RETURNS VOID
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    IF anchor IS NULL THEN
        PERFORM yaml.fail('YA004', line_no, col,
            format('no anchor for alias %s', val), format('&%s before it', substr(val, 2)));
    ELSIF node IS NULL THEN
        PERFORM yaml.fail('YA004', line_no, col,
            format('the alias %s is inside the node it stands for', val), 'an alias of a finished node');
    END IF;
    PERFORM yaml.fail('YA002', line_no, col,
        'a collection as key: JSON has only texts as keys', 'an alias of a text');
END;
$$;
COMMENT ON FUNCTION yaml.refuse_alias(TEXT, INTEGER, TEXT, INTEGER, INTEGER) IS
'Raises why an alias, c-ns-alias-node [104], cannot stand for the node of its anchor.';

CREATE FUNCTION yaml.compose(
    events "char"[], tokens INTEGER[], vals TEXT[], line_nos INTEGER[], cols INTEGER[]
) RETURNS TEXT[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    max_expanded CONSTANT INTEGER := 4194304;
    max_depth CONSTANT INTEGER := 200;
    documents TEXT[] := '{}';
    pieces TEXT[] := '{}';         -- the JSON text of this document so far
    n INTEGER := 0;                -- of them are in use
    separator TEXT := '';          -- before the next value or key
    kind "char";
    val TEXT;
    json TEXT;
    token INTEGER;
    anchor INTEGER;                -- event of the anchor of the next node, if an alias needs it
    tag TEXT;                      -- tag of the next node
    directives TEXT[] := '{}';
    -- open collections: number, first piece, anchor, levels below it, token of a merge key in it
    depth INTEGER := 0;
    map_no INTEGER := 0;
    maps INTEGER := 0;
    map_nos INTEGER[] := '{}';
    starts INTEGER[] := '{}';
    anchors INTEGER[] := '{}';
    levels INTEGER[] := '{}';
    merges INTEGER[] := '{}';
    -- keys, for the check at the end
    key_maps INTEGER[];
    key_names TEXT[];
    key_tokens INTEGER[];
    repeated RECORD;
    -- anchored nodes, by the event of their anchor
    targets CONSTANT INTEGER[] := yaml.alias_targets(events, tokens, vals);
    has_alias CONSTANT BOOLEAN := targets <> '{}';
    node_text TEXT[] := '{}';
    node_levels INTEGER[] := '{}';
    expanded INTEGER := 0;         -- characters that anchors, aliases, merges and numbers added
BEGIN
    FOR e IN 1..coalesce(cardinality(events), 0) LOOP
        kind := events[e];
        token := tokens[e];
        val := vals[token];
        CASE kind
            WHEN 'K', 'Q', 'A', 'n' THEN
                IF kind = 'A' THEN
                    json := node_text[targets[e]];
                    IF json IS NULL OR left(json, 1) IN ('{', '[') THEN
                        PERFORM yaml.refuse_alias(val, targets[e], json, line_nos[token], cols[token]);
                    END IF;
                    json := CASE WHEN left(json, 1) = '"' THEN json ELSE '"' || json || '"' END;
                    val := json::JSON #>> '{}';
                ELSE
                    val := CASE kind WHEN 'n' THEN '' ELSE val END;
                    json := to_json(val)::TEXT;
                    IF val = '' AND kind <> 'Q' AND coalesce(tag NOT IN ('!', 'tag:yaml.org,2002:str'), TRUE) THEN
                        PERFORM yaml.fail('YA002', line_nos[token], cols[token],
                            'an empty key: JSON has only texts as keys', 'a key');
                    ELSIF val = '<<' AND kind = 'K' AND tag IS NULL THEN
                        merges[depth] := token;
                    END IF;
                END IF;
                key_maps := key_maps || map_no;
                key_names := key_names || val;
                key_tokens := key_tokens || token;
                n := n + 1;
                pieces[n] := separator || json || ':';
                separator := '';
            WHEN 'p', 'q', 'N' THEN
                IF tag IS NOT NULL THEN
                    json := yaml.tagged_scalar(tag, CASE kind WHEN 'N' THEN '' ELSE val END,
                        kind <> 'q', line_nos[token], cols[token]);
                ELSIF kind = 'N' THEN
                    json := 'null';
                ELSIF kind = 'q' OR strpos('-+.0123456789tTfFnN~', left(val, 1)) = 0 THEN
                    json := to_json(val)::TEXT;
                ELSIF val ~ '^(?:0|-?[1-9][0-9]{0,17}|true|false|null)$' THEN   -- JSON already
                    json := val;
                ELSE
                    json := yaml.core_scalar(val, line_nos[token], cols[token]);
                    expanded := expanded + greatest(length(json) - length(val) - 20, 0);
                END IF;
                n := n + 1;
                pieces[n] := separator || json;
                separator := ',';
            WHEN '{', '[' THEN
                IF tag IS NOT NULL THEN
                    PERFORM yaml.check_collection_tag(tag, kind, line_nos[token], cols[token]);
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
                anchors[depth] := anchor;
                levels[depth] := 1;
                anchor := NULL;
                tag := NULL;
            WHEN '}', ']' THEN
                n := n + 1;
                pieces[n] := kind;
                separator := ',';
                IF merges[depth] IS NOT NULL THEN
                    token := merges[depth];
                    json := yaml.merge(yaml.joined(pieces, starts[depth], n), line_nos[token], cols[token]);
                    expanded := expanded + length(json);
                    n := starts[depth];
                    pieces[n] := CASE left(pieces[n], 1) WHEN ',' THEN ',' ELSE '' END || json;
                END IF;
                IF has_alias THEN
                    IF anchors[depth] IS NOT NULL THEN
                        json := yaml.joined(pieces, starts[depth], n);
                        expanded := expanded + length(json);
                        node_text[anchors[depth]] := json;
                        node_levels[anchors[depth]] := levels[depth];
                    END IF;
                    IF depth > 1 THEN
                        levels[depth - 1] := greatest(levels[depth - 1], levels[depth] + 1);
                    END IF;
                END IF;
                depth := depth - 1;
                map_no := map_nos[depth];
            WHEN '*' THEN
                json := node_text[targets[e]];
                IF json IS NULL THEN
                    PERFORM yaml.refuse_alias(val, targets[e], json, line_nos[token], cols[token]);
                END IF;
                expanded := expanded + length(json);
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
                anchor := targets[e];
            WHEN '!' THEN
                tag := yaml.resolve_tag(val, directives, line_nos[token], cols[token]);
            ELSE   -- D: a document, %: a directive of the next one
                IF n > 0 THEN
                    documents := documents || yaml.joined(pieces, 1, n);
                END IF;
                n := 0;
                separator := '';
                directives := CASE WHEN events[e - 1] = '%' THEN directives ELSE '{}' END;
                IF kind = '%' THEN
                    directives := yaml.read_directive(val, line_nos[token], directives);
                END IF;
        END CASE;
        CONTINUE WHEN kind IN ('&', '!') OR anchor IS NULL AND tag IS NULL AND expanded = 0;
        IF anchor IS NOT NULL THEN   -- of a scalar
            node_text[anchor] := json;
            node_levels[anchor] := 0;
            anchor := NULL;
        END IF;
        tag := NULL;
        IF expanded > max_expanded THEN
            PERFORM yaml.fail('YA005', line_nos[token], cols[token],
                format('aliases, merge keys and exponents expand to more than %s characters', max_expanded));
        END IF;
    END LOOP;
    IF n > 0 THEN
        documents := documents || yaml.joined(pieces, 1, n);
    END IF;
    IF EXISTS (
        SELECT FROM unnest(key_maps, key_names) AS k (map, name) GROUP BY k.map, k.name HAVING count(*) > 1
    ) THEN
        SELECT r.first_key, r.second_key INTO repeated FROM yaml.repeated_key(key_maps, key_names) AS r;
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
    PERFORM yaml.check_printable(source, scanned.kinds, scanned.vals, scanned.line_nos, scanned.cols);
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
YA002 valid YAML that jsonb cannot hold: an empty key, a collection as key, .inf, .nan, U+0000, half a surrogate pair, a number of more than 131072 digits before the point or 16383 after it;
YA003 a key twice in one mapping;
YA004 an alias without anchor or inside its own node, an undeclared tag handle;
YA005 over a limit: 2 MiB of text, 200 levels of nesting, 100 %YAML and %TAG directives, 4194304 characters added by aliases, merge keys and exponents;
YA006 more than one document, which parse_yaml_stream(text) returns.';

ALTER FUNCTION yaml.alias_targets("char"[], INTEGER[], TEXT[]) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.repeated_key(INTEGER[], TEXT[]) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.joined(TEXT[], INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.refuse_alias(TEXT, INTEGER, TEXT, INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.compose("char"[], INTEGER[], TEXT[], INTEGER[], INTEGER[])
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.documents(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION parse_yaml_stream(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION parse_yaml(TEXT) OWNER TO pipeline_owner;
