-- YAML 1.2 in plain PL/pgSQL, part 2 of 3: the parser, tokens -> events.
--
-- An event is a kind (one character) and the number of the token that it comes from:
--   %  directive          D  start of a document
--   [ ] { }  collection   K Q A  key: plain, quoted, alias
--   p q *    scalar or alias as value      N  empty node      & !  anchor, tag of what follows
-- The parser checks all structure: what it returns is well nested, and every key has one value.
--
-- depends: 0700_yaml_scanner

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
    has_properties BOOLEAN := FALSE;
    n INTEGER := 0;              -- events written
    kind "char";
    j INTEGER;
    problem TEXT;
    expected TEXT;
BEGIN
    LOOP
        kind := kinds[i];
        problem := NULL;
        IF frame = 's' AND state = 'v' AND kind IN ('p', 'q', '*', '&', '!', '?') THEN
            -- ns-flow-pair [150]: a mapping of one key, its implicit key on one line [154]
            j := i;
            WHILE kinds[j] IN ('&', '!') LOOP
                j := j + 1;
            END LOOP;
            IF kind = '?' OR (kinds[j] IN ('p', 'q', '*') AND kinds[j + 1] = ':') THEN
                IF kind <> '?' AND line_nos[j + 1] <> line_nos[j] THEN
                    PERFORM yaml.fail('YA001', line_nos[j + 1], cols[j + 1],
                        'the key of a pair inside [ ] must be on one line', 'a comma');
                END IF;
                n := n + 1;
                events[n] := '{';
                tokens[n] := i;
                depth := depth + 1;
                frames[depth] := 'e';
                frame := 'e';
                state := 'k';
            END IF;
        END IF;

        IF kind IN (',', ']', '}') AND (state = ':' OR frame = 'm' AND state = 'v'
            OR frame = 'e' AND state = 'v' OR has_properties AND state = 'v') THEN
            n := n + 1;          -- e-node [106]: the value is empty
            events[n] := 'N';
            tokens[n] := i;
            state := 'c';
            has_properties := FALSE;
        END IF;
        IF kind IN (',', ']', '}') AND frame = 'e' AND state = 'c' THEN
            n := n + 1;
            events[n] := '}';
            tokens[n] := i;
            depth := depth - 1;
            frame := frames[depth];
        END IF;

        IF kind IN ('&', '!') AND state IN ('v', 'k', '?') THEN
            n := n + 1;
            events[n] := kind;
            tokens[n] := i;
            has_properties := TRUE;
        ELSIF kind IN ('p', 'q', '*') AND state IN ('v', 'k', '?') THEN
            IF kind = '*' AND has_properties THEN
                problem := 'an alias can have neither anchor nor tag';
            END IF;
            n := n + 1;
            events[n] := CASE WHEN state = 'v' THEN kind
                WHEN kind = 'p' THEN 'K' WHEN kind = 'q' THEN 'Q' ELSE 'A' END;
            tokens[n] := i;
            has_properties := FALSE;
            state := CASE state WHEN 'v' THEN 'c' ELSE ':' END;
        ELSIF kind IN ('[', '{') AND state = 'v' THEN
            n := n + 1;
            events[n] := kind;
            tokens[n] := i;
            depth := depth + 1;
            IF outer_depth + depth > max_depth THEN
                PERFORM yaml.fail('YA005', line_nos[i], cols[i],
                    format('more than %s levels of nesting', max_depth));
            END IF;
            frame := CASE kind WHEN '[' THEN 's' ELSE 'm' END;
            frames[depth] := frame;
            state := CASE kind WHEN '[' THEN 'v' ELSE 'k' END;
            has_properties := FALSE;
        ELSIF kind = ':' AND state = ':' THEN
            state := 'v';
        ELSIF kind = '?' AND state = 'k' THEN
            state := '?';
        ELSIF kind = ',' AND state = 'c' THEN
            state := CASE frame WHEN 's' THEN 'v' ELSE 'k' END;
        ELSIF NOT has_properties AND (kind = ']' AND frame = 's' AND state IN ('v', 'c')
            OR kind = '}' AND frame = 'm' AND state IN ('k', 'c')) THEN
            n := n + 1;
            events[n] := kind;
            tokens[n] := i;
            depth := depth - 1;
            IF depth = 0 THEN
                RETURN;
            END IF;
            frame := frames[depth];
            state := 'c';
        ELSE
            problem := CASE
                WHEN state IN ('k', '?') AND kind IN ('[', '{') THEN 'a collection as key: JSON has only texts as keys'
                WHEN kind = ':' AND state = 'c' AND kinds[i - 1] IN (']', '}') THEN 'a collection as key: JSON has only texts as keys'
                WHEN kind = ':' AND state IN ('k', '?', 'v') THEN 'an empty key: JSON has only texts as keys'
                WHEN state = '?' OR has_properties AND state = 'k' THEN 'an empty key: JSON has only texts as keys'
                ELSE 'unexpected ' || CASE
                    WHEN kind IN ('p', 'q') THEN 'value' WHEN kind = '&' THEN 'anchor'
                    WHEN kind = '!' THEN 'tag' WHEN kind = '*' THEN 'alias'
                    ELSE format('"%s"', kind) END
            END;
        END IF;
        IF problem IS NOT NULL THEN
            expected := CASE state
                WHEN 'v' THEN 'a value' WHEN 'k' THEN 'a key' WHEN '?' THEN 'a key'
                WHEN ':' THEN '":", "," or the closing bracket'
                ELSE CASE frame WHEN 's' THEN '"," or "]"' ELSE '"," or "}"' END END;
            PERFORM yaml.fail(
                CASE WHEN problem LIKE '%JSON%' THEN 'YA002' ELSE 'YA001' END,
                line_nos[i], cols[i], problem, expected);
        END IF;
        i := i + 1;
    END LOOP;
END;
$$;
COMMENT ON FUNCTION yaml.parse_flow("char"[], INTEGER[], INTEGER[], INTEGER, INTEGER) IS
'The events of the flow collection that starts at token i, c-flow-sequence [137] or c-flow-mapping [140]; i becomes its last token. YA001, YA002 (empty key, collection as key), YA005 (nesting).';

CREATE FUNCTION yaml.parse(
    kinds "char"[], line_nos INTEGER[], cols INTEGER[],
    OUT events "char"[], OUT tokens INTEGER[]
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    max_depth CONSTANT INTEGER := 200;
    -- The innermost open block collection: R root, S sequence, M mapping; its column; and
    -- v value wanted, k nothing open, ? key after "?" wanted, x that key read, ":" may follow
    frame "char" := 'R';
    frame_col INTEGER := -1;
    state "char" := 'k';
    frames "char"[] := '{}';
    frame_cols INTEGER[] := '{}';
    depth INTEGER := 0;
    in_document BOOLEAN := FALSE;
    has_directives BOOLEAN := FALSE;
    -- anchor and tag read before their node: on the line of the last one, and on lines before
    near_anchor INTEGER;
    near_tag INTEGER;
    far_anchor INTEGER;
    far_tag INTEGER;
    has_properties BOOLEAN := FALSE;
    near_line INTEGER := 0;
    n INTEGER := 0;              -- events written
    i INTEGER := 0;
    kind "char";
    col INTEGER;
    keep_col INTEGER;            -- collections right of it are closed by this token
    is_structure BOOLEAN;
    flow RECORD;
BEGIN
    LOOP
        i := i + 1;
        kind := coalesce(kinds[i], 'Z');   -- Z: the end of the stream
        col := cols[i];
        is_structure := kind IN ('K', '-', 'Q', 'A', '?', ':');

        IF kind IN ('&', '!') THEN
            IF has_properties AND near_line <> line_nos[i] THEN
                IF far_anchor IS NOT NULL AND near_anchor IS NOT NULL
                    OR far_tag IS NOT NULL AND near_tag IS NOT NULL THEN
                    PERFORM yaml.fail('YA001', line_nos[i], col, 'a second anchor or tag for the same node', 'the node');
                END IF;
                far_anchor := coalesce(near_anchor, far_anchor);
                far_tag := coalesce(near_tag, far_tag);
                near_anchor := NULL;
                near_tag := NULL;
            END IF;
            IF kind = '&' AND near_anchor IS NOT NULL OR kind = '!' AND near_tag IS NOT NULL THEN
                PERFORM yaml.fail('YA001', line_nos[i], col, 'a second anchor or tag for the same node', 'the node');
            END IF;
            near_line := line_nos[i];
            has_properties := TRUE;
            IF kind = '&' THEN
                near_anchor := i;
            ELSE
                near_tag := i;
            END IF;
            IF NOT in_document THEN
                IF has_directives THEN
                    PERFORM yaml.fail('YA001', line_nos[i], col, 'no document follows the directives', '"---"');
                END IF;
                in_document := TRUE;
                state := 'v';
                n := n + 1;
                events[n] := 'D';
                tokens[n] := i;
            END IF;
            CONTINUE;
        END IF;

        IF has_properties THEN
            -- those on the line of a key are the key's; all others are of the next node
            IF NOT (kind IN ('K', 'Q', 'A') AND near_line = line_nos[i]) THEN
                IF far_anchor IS NOT NULL AND near_anchor IS NOT NULL
                    OR far_tag IS NOT NULL AND near_tag IS NOT NULL THEN
                    PERFORM yaml.fail('YA001', line_nos[i], col, 'a second anchor or tag for the same node', 'the node');
                END IF;
                far_anchor := coalesce(near_anchor, far_anchor);
                far_tag := coalesce(near_tag, far_tag);
                near_anchor := NULL;
                near_tag := NULL;
            END IF;
            IF far_anchor IS NOT NULL OR far_tag IS NOT NULL THEN
                IF state NOT IN ('v', '?') OR least(cols[far_anchor], cols[far_tag]) <= frame_col OR kind = '*' THEN
                    PERFORM yaml.fail('YA001', line_nos[coalesce(far_anchor, far_tag)],
                        cols[coalesce(far_anchor, far_tag)], 'an anchor or tag without a node',
                        'the node after it, indented');
                END IF;
                IF far_anchor IS NOT NULL THEN
                    n := n + 1;
                    events[n] := '&';
                    tokens[n] := far_anchor;
                END IF;
                IF far_tag IS NOT NULL THEN
                    n := n + 1;
                    events[n] := '!';
                    tokens[n] := far_tag;
                END IF;
                far_anchor := NULL;
                far_tag := NULL;
            END IF;
        END IF;

        -- close what ends here; an empty node [106] fills what is still open
        keep_col := CASE WHEN is_structure THEN col
            WHEN kind IN ('D', 'E', '%', 'Z') THEN -1 ELSE col - 1 END;
        WHILE frame_col > keep_col LOOP
            IF state IN ('v', 'x') THEN
                n := n + 1;
                events[n] := 'N';
                tokens[n] := i;
            ELSIF state = '?' THEN
                PERFORM yaml.fail('YA002', line_nos[i - 1], cols[i - 1], 'an empty key: JSON has only texts as keys', 'a key');
            END IF;
            n := n + 1;
            events[n] := CASE frame WHEN 'M' THEN '}' ELSE ']' END;
            tokens[n] := i;
            frame := frames[depth];
            frame_col := frame_cols[depth];
            depth := depth - 1;
            state := 'k';
        END LOOP;

        IF kind IN ('D', 'E', '%', 'Z') THEN
            IF in_document AND state = 'v' THEN
                n := n + 1;
                events[n] := 'N';
                tokens[n] := i;
            END IF;
            IF has_directives AND kind IN ('E', 'Z') THEN
                PERFORM yaml.fail('YA001', coalesce(line_nos[i], line_nos[i - 1]), 0, 'no document follows the directives', '"---"');
            END IF;
            EXIT WHEN kind = 'Z';
            has_properties := FALSE;
            in_document := kind = 'D';
            has_directives := kind = '%';
            state := CASE kind WHEN 'D' THEN 'v' ELSE 'k' END;
            IF kind <> 'E' THEN
                n := n + 1;
                events[n] := kind;
                tokens[n] := i;
            END IF;
            CONTINUE;
        END IF;
        IF NOT in_document THEN
            IF has_directives THEN
                PERFORM yaml.fail('YA001', line_nos[i], col, 'no document follows the directives', '"---"');
            END IF;
            in_document := TRUE;
            state := 'v';
            n := n + 1;
            events[n] := 'D';
            tokens[n] := i;
        END IF;

        IF is_structure THEN
            -- a sequence may stand at the column of its mapping [201]; a key ends it
            IF frame = 'S' AND frame_col = col AND kind <> '-' AND frames[depth] = 'M'
                AND frame_cols[depth] = col THEN
                IF state = 'v' THEN
                    n := n + 1;
                    events[n] := 'N';
                    tokens[n] := i;
                END IF;
                n := n + 1;
                events[n] := ']';
                tokens[n] := i;
                frame := 'M';
                depth := depth - 1;
                state := 'k';
            END IF;
            IF frame_col < col OR kind = '-' AND frame = 'M' THEN
                IF state = '?' THEN
                    PERFORM yaml.fail('YA002', line_nos[i], col, 'a collection as key: JSON has only texts as keys', 'a text');
                ELSIF state <> 'v' THEN
                    PERFORM yaml.fail('YA001', line_nos[i], col,
                        CASE kind WHEN '-' THEN 'a sequence entry' ELSE 'a key' END || ' cannot stand here',
                        CASE WHEN frame = 'R' THEN 'the end of the document'
                            ELSE format('column %s, that of the %s it belongs to', frame_col + 1,
                                CASE frame WHEN 'S' THEN 'sequence' ELSE 'mapping' END) END);
                END IF;
                n := n + 1;
                events[n] := CASE kind WHEN '-' THEN '[' ELSE '{' END;
                tokens[n] := i;
                depth := depth + 1;
                frames[depth] := frame;
                frame_cols[depth] := frame_col;
                IF depth > max_depth THEN
                    PERFORM yaml.fail('YA005', line_nos[i], col, format('more than %s levels of nesting', max_depth));
                END IF;
                -- when this collection is closed its parent has nothing open
                frame := CASE kind WHEN '-' THEN 'S' ELSE 'M' END;
                frame_col := col;
                state := 'k';
            ELSIF frame = 'S' AND kind <> '-' THEN
                PERFORM yaml.fail('YA001', line_nos[i], col, 'a key between sequence entries', '"- "');
            ELSIF state = '?' THEN
                PERFORM yaml.fail('YA002', line_nos[i], col, 'an empty key: JSON has only texts as keys', 'a key');
            ELSIF state = 'v' OR state = 'x' AND kind <> ':' THEN
                n := n + 1;
                events[n] := 'N';
                tokens[n] := i;
                state := 'k';
            END IF;

            IF kind = '-' THEN
                state := 'v';
            ELSIF kind = '?' THEN
                state := '?';
            ELSIF kind = ':' THEN
                IF state <> 'x' THEN
                    PERFORM yaml.fail('YA002', line_nos[i], col, 'an empty key: JSON has only texts as keys', 'a key');
                END IF;
                state := 'v';
            ELSE
                IF near_anchor IS NOT NULL THEN
                    n := n + 1;
                    events[n] := '&';
                    tokens[n] := near_anchor;
                    near_anchor := NULL;
                END IF;
                IF near_tag IS NOT NULL THEN
                    n := n + 1;
                    events[n] := '!';
                    tokens[n] := near_tag;
                    near_tag := NULL;
                END IF;
                IF kind = 'A' AND events[n] IN ('&', '!') THEN
                    PERFORM yaml.fail('YA001', line_nos[i], col, 'an alias can have neither anchor nor tag');
                END IF;
                n := n + 1;
                events[n] := kind;
                tokens[n] := i;
                state := 'v';
            END IF;
        ELSE
            IF state = 'v' AND kind NOT IN ('[', '{') THEN
                n := n + 1;
                events[n] := CASE kind WHEN 'b' THEN 'q' ELSE kind END;
                tokens[n] := i;
                state := 'k';
            ELSIF state = 'v' THEN
                flow := yaml.parse_flow(kinds, line_nos, cols, depth, i);
                FOR j IN 1..cardinality(flow.events) LOOP
                    n := n + 1;
                    events[n] := flow.events[j];
                    tokens[n] := flow.tokens[j];
                END LOOP;
                i := flow.i;
                state := 'k';
            ELSIF state = '?' AND kind NOT IN ('[', '{') THEN
                n := n + 1;
                events[n] := CASE kind WHEN 'p' THEN 'K' WHEN '*' THEN 'A' ELSE 'Q' END;
                tokens[n] := i;
                state := 'x';
            ELSIF state = '?' THEN
                PERFORM yaml.fail('YA002', line_nos[i], col, 'a collection as key: JSON has only texts as keys', 'a text');
            ELSE
                PERFORM yaml.fail('YA001', line_nos[i], col, 'a value cannot stand here', CASE
                    WHEN frame = 'R' THEN 'the end of the document'
                    WHEN frame = 'S' THEN '"- " or less indentation'
                    WHEN col > frame_col + 1 AND state = 'k' AND line_nos[i - 1] = line_nos[i] THEN 'the end of the line'
                    ELSE 'a key and ":"' END);
            END IF;
        END IF;
        has_properties := FALSE;
    END LOOP;
END;
$$;
COMMENT ON FUNCTION yaml.parse("char"[], INTEGER[], INTEGER[]) IS
'The events of a token stream, l-yaml-stream [211]: l-block-sequence [183], l-block-mapping [187], s-l+block-node [196] and the documents [207]-[210]. YA001, YA002 (empty key, collection as key), YA005 (nesting).';

ALTER FUNCTION yaml.parse_flow("char"[], INTEGER[], INTEGER[], INTEGER, INTEGER)
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.parse("char"[], INTEGER[], INTEGER[]) OWNER TO pipeline_owner;
