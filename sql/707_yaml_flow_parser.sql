-- YAML 1.2 in plain PL/pgSQL: the parser inside flow collections, tokens -> events. What an event is
-- stands in 710_yaml_parser.sql.

CREATE FUNCTION yaml.refuse_flow(
    kind "char", before "char", frame "char", state "char", line_no INTEGER, col INTEGER
) RETURNS VOID
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    IF state IN ('k', '?') AND kind IN ('[', '{') OR kind = ':' AND before IN (']', '}') THEN
        PERFORM yaml.fail('YA002', line_no, col, 'a collection as key: JSON has only texts as keys', 'a text');
    END IF;
    PERFORM yaml.fail('YA001', line_no, col,
        'unexpected ' || CASE
            WHEN kind IN ('p', 'q') THEN 'value' WHEN kind = '&' THEN 'anchor'
            WHEN kind = '!' THEN 'tag' WHEN kind = '*' THEN 'alias'
            ELSE format('"%s"', kind) END,
        CASE state
            WHEN 'v' THEN 'a value' WHEN 'k' THEN 'a key' WHEN '?' THEN 'a key'
            WHEN ':' THEN '":", "," or the closing bracket'
            ELSE CASE frame WHEN 's' THEN '"," or "]"' WHEN 'm' THEN '"," or "}"'
                ELSE '"," or "]" after the pair' END END);
END;
$$;
COMMENT ON FUNCTION yaml.refuse_flow("char", "char", "char", "char", INTEGER, INTEGER) IS
'Raises that a token cannot stand where it stands in a flow collection, by the frame and state of yaml.parse_flow and the token before it.';

CREATE FUNCTION yaml.starts_pair(
    kinds "char"[], line_nos INTEGER[], cols INTEGER[], i INTEGER
) RETURNS BOOLEAN
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    start CONSTANT INTEGER := i;
BEGIN
    IF kinds[i] = '?' THEN
        RETURN TRUE;
    END IF;
    WHILE kinds[i] IN ('&', '!') LOOP
        i := i + 1;
    END LOOP;
    IF kinds[i] IN ('p', 'q', '*') THEN
        i := i + 1;
    END IF;
    IF kinds[i] <> ':' THEN
        RETURN FALSE;
    ELSIF i > start AND (line_nos[i] <> line_nos[start] OR line_nos[i] <> line_nos[i - 1]) THEN
        PERFORM yaml.fail('YA001', line_nos[i], cols[i],
            'the key of a pair inside [ ] must be on one line', 'a comma');
    ELSIF cols[i] - cols[start] > 1024 THEN
        PERFORM yaml.fail('YA001', line_nos[i], cols[start],
            'a key of more than 1024 characters', '"? " before it');
    END IF;
    RETURN TRUE;
END;
$$;
COMMENT ON FUNCTION yaml.starts_pair("char"[], INTEGER[], INTEGER[], INTEGER) IS
'Whether a mapping of one key, ns-flow-pair [150], starts at token i of a flow sequence; its implicit key [154] is on one line and has at most 1024 characters (YA001).';

CREATE FUNCTION yaml.parse_flow(
    kinds "char"[], line_nos INTEGER[], cols INTEGER[], outer_depth INTEGER,
    INOUT i INTEGER, OUT events "char"[], OUT tokens INTEGER[]
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    max_depth CONSTANT INTEGER := 200;
    frame "char";                -- the innermost: s sequence, m mapping, e single pair [150]
    frames "char"[] := '{}';
    depth INTEGER := 0;
    -- v value wanted, k key wanted, ? key after "?", c comma wanted, : colon wanted
    state "char" := 'v';
    properties TEXT := '';       -- & and ! for those before this token
    kind "char";
    event "char";
BEGIN
    LOOP
        kind := kinds[i];
        IF frame = 's' AND state = 'v' AND properties = '' AND kind IN ('p', 'q', '*', '&', '!', '?', ':')
            AND yaml.starts_pair(kinds, line_nos, cols, i) THEN
            events := events || '{'::"char";
            tokens := tokens || i;
            depth := depth + 1;
            frames[depth] := 'e';
            frame := 'e';
            state := 'k';
        END IF;
        -- e-node [106]: an empty key, then an empty value
        IF kind IN (',', ']', '}', ':') AND (state = '?' OR state = 'k' AND (kind = ':' OR properties <> '')) THEN
            events := events || 'n'::"char";
            tokens := tokens || i;
            state := ':';
            properties := '';
        END IF;
        IF kind IN (',', ']', '}') THEN
            IF state = ':' OR state = 'v' AND (frame IN ('m', 'e') OR properties <> '') THEN
                events := events || 'N'::"char";
                tokens := tokens || i;
                state := 'c';
                properties := '';
            END IF;
            IF frame = 'e' AND state = 'c' THEN
                events := events || '}'::"char";
                tokens := tokens || i;
                depth := depth - 1;
                frame := frames[depth];
            END IF;
        END IF;

        event := NULL;
        IF kind IN ('&', '!') AND state IN ('v', 'k', '?') AND strpos(properties, kind) = 0 THEN
            event := kind;
            properties := properties || kind::TEXT;
        ELSIF kind IN ('p', 'q') AND state IN ('v', 'k', '?') OR kind = '*' AND state IN ('v', 'k', '?') AND properties = '' THEN
            event := CASE WHEN state = 'v' THEN kind
                WHEN kind = 'p' THEN 'K' WHEN kind = 'q' THEN 'Q' ELSE 'A' END;
            properties := '';
            state := CASE state WHEN 'v' THEN 'c' ELSE ':' END;
        ELSIF kind IN ('[', '{') AND state = 'v' THEN
            event := kind;
            depth := depth + 1;
            IF outer_depth + depth > max_depth THEN
                PERFORM yaml.fail('YA005', line_nos[i], cols[i], format('more than %s levels of nesting', max_depth));
            END IF;
            frame := CASE kind WHEN '[' THEN 's' ELSE 'm' END;
            frames[depth] := frame;
            state := CASE kind WHEN '[' THEN 'v' ELSE 'k' END;
            properties := '';
        ELSIF kind = ':' AND state = ':' THEN
            state := 'v';
        ELSIF kind = '?' AND state = 'k' AND properties = '' THEN
            state := '?';
        ELSIF kind = ',' AND state = 'c' THEN
            state := CASE frame WHEN 's' THEN 'v' ELSE 'k' END;
        ELSIF kind = ']' AND frame = 's' AND state IN ('v', 'c')
            OR kind = '}' AND frame = 'm' AND state IN ('k', 'c') THEN
            event := kind;
            depth := depth - 1;
            frame := frames[depth];
            state := 'c';
        ELSE
            PERFORM yaml.refuse_flow(kind, kinds[i - 1], frame, state, line_nos[i], cols[i]);
        END IF;
        IF event IS NOT NULL THEN
            events := events || event;
            tokens := tokens || i;
        END IF;
        EXIT WHEN depth = 0;
        i := i + 1;
    END LOOP;
END;
$$;
COMMENT ON FUNCTION yaml.parse_flow("char"[], INTEGER[], INTEGER[], INTEGER, INTEGER) IS
'The events of the flow collection that starts at token i, c-flow-sequence [137] or c-flow-mapping [140]; i becomes its last token. YA001, YA002 (collection as key), YA005 (nesting).';

ALTER FUNCTION yaml.refuse_flow("char", "char", "char", "char", INTEGER, INTEGER)
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.starts_pair("char"[], INTEGER[], INTEGER[], INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.parse_flow("char"[], INTEGER[], INTEGER[], INTEGER, INTEGER)
OWNER TO pipeline_owner;
