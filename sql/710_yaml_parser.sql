-- YAML 1.2 in plain PL/pgSQL, part 3 of 4: the parser, tokens -> events.
--
-- An event is a kind (one character) and the number of the token that it comes from:
--   %  directive          D  start of a document
--   [ ] { }  collection   K Q A n  key: plain, quoted, alias, empty
--   p q *    scalar or alias as value      N  empty node      & !  anchor, tag of what follows
-- The parser checks all structure: what it returns is well nested, and every key has one value.

CREATE FUNCTION yaml.read_properties(
    kinds "char"[], line_nos INTEGER[], cols INTEGER[], INOUT i INTEGER,
    OUT node_anchor INTEGER, OUT node_tag INTEGER, OUT key_anchor INTEGER, OUT key_tag INTEGER
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    start CONSTANT INTEGER := i;
BEGIN
    WHILE kinds[i] IN ('&', '!') LOOP
        i := i + 1;
    END LOOP;
    FOR p IN start..i - 1 LOOP
        IF kinds[i] IN ('K', 'Q', 'A') AND line_nos[p] = line_nos[i] THEN
            IF coalesce(CASE kinds[p] WHEN '&' THEN key_anchor ELSE key_tag END, 0) > 0 OR kinds[i] = 'A' THEN
                PERFORM yaml.fail('YA001', line_nos[p], cols[p], CASE kinds[i]
                    WHEN 'A' THEN 'an alias can have neither anchor nor tag'
                    ELSE 'a second anchor or tag for the same node' END, 'the node');
            ELSIF kinds[p] = '&' THEN
                key_anchor := p;
            ELSE
                key_tag := p;
            END IF;
        ELSIF coalesce(CASE kinds[p] WHEN '&' THEN node_anchor ELSE node_tag END, 0) > 0 OR kinds[i] = '*' THEN
            PERFORM yaml.fail('YA001', line_nos[p], cols[p], CASE kinds[i]
                WHEN '*' THEN 'an alias can have neither anchor nor tag'
                ELSE 'a second anchor or tag for the same node' END, 'the node');
        ELSIF kinds[p] = '&' THEN
            node_anchor := p;
        ELSE
            node_tag := p;
        END IF;
    END LOOP;
END;
$$;
COMMENT ON FUNCTION yaml.read_properties("char"[], INTEGER[], INTEGER[], INTEGER) IS
'The anchors and tags from token i on, c-ns-properties [96]: those on the line of a key are the key''s, all others of the node after them. i becomes the first token that is neither. YA001.';

CREATE FUNCTION yaml.refuse_block(
    kind "char", frame "char", frame_col INTEGER, state "char", is_same_line BOOLEAN,
    line_no INTEGER, col INTEGER
) RETURNS VOID
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    is_structure CONSTANT BOOLEAN := kind IN ('K', '-', 'Q', 'A', '?', ':');
BEGIN
    IF state = '?' THEN
        PERFORM yaml.fail('YA002', line_no, col, 'a collection as key: JSON has only texts as keys', 'a text');
    ELSIF is_structure AND frame = 'S' AND frame_col = col THEN
        PERFORM yaml.fail('YA001', line_no, col, 'a key between sequence entries',
            '"- ", or more spaces if it belongs to the entry above');
    ELSIF is_structure THEN
        PERFORM yaml.fail('YA001', line_no, col,
            CASE kind WHEN '-' THEN 'a sequence entry' ELSE 'a key' END || ' cannot stand here',
            CASE WHEN frame = 'R' THEN 'the end of the document'
                ELSE format('column %s, that of the %s it belongs to', frame_col + 1,
                    CASE frame WHEN 'S' THEN 'sequence' ELSE 'mapping' END) END);
    END IF;
    PERFORM yaml.fail('YA001', line_no, col, 'a value cannot stand here', CASE
        WHEN frame = 'R' THEN 'a key and ":", "- " or the end of the document'
        WHEN frame = 'S' THEN '"- " or less indentation'
        WHEN col > frame_col + 1 AND is_same_line THEN 'the end of the line'
        ELSE 'a key and ":"' END);
END;
$$;
COMMENT ON FUNCTION yaml.refuse_block("char", "char", INTEGER, "char", BOOLEAN, INTEGER, INTEGER) IS
'Raises that a token cannot stand where it stands in a block collection, by the frame and state of yaml.parse.';

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
    i INTEGER := 0;
    kind "char";
    col INTEGER;
    keep_col INTEGER;            -- collections right of it are closed by this token
    is_marker BOOLEAN;
    is_structure BOOLEAN;
    property INTEGER;
    own RECORD;                  -- anchors and tags before this token, if there are any
    has_own BOOLEAN;
    flow RECORD;
BEGIN
    LOOP
        i := i + 1;
        kind := coalesce(kinds[i], 'Z');   -- Z: the end of the stream
        -- for speed, the two commonest first: a value, and one more key of the same mapping
        IF state = 'v' AND kind IN ('p', 'q', 'b') AND cols[i] > frame_col THEN
            events := events || CASE kind WHEN 'b' THEN 'q' ELSE kind END;
            tokens := tokens || i;
            state := 'k';
            CONTINUE;
        ELSIF state = 'k' AND kind = 'K' AND cols[i] = frame_col AND frame = 'M' THEN
            events := events || kind;
            tokens := tokens || i;
            state := 'v';
            CONTINUE;
        END IF;
        has_own := kind IN ('&', '!');
        IF has_own THEN
            own := yaml.read_properties(kinds, line_nos, cols, i);
        END IF;
        is_marker := kind IN ('D', 'E', '%', 'Z');
        IF NOT in_document AND NOT is_marker THEN   -- l-bare-document [207]
            IF kinds[i - 1] = '%' THEN
                PERFORM yaml.fail('YA001', line_nos[i], cols[i], 'no document follows the directives', '"---"');
            END IF;
            events := events || 'D'::"char";
            tokens := tokens || i;
            in_document := TRUE;
            state := 'v';
        END IF;
        IF has_own THEN
            FOREACH property IN ARRAY array_remove(ARRAY[own.node_anchor, own.node_tag], NULL) LOOP
                CONTINUE WHEN state IN ('v', '?') AND cols[property] > frame_col;
                PERFORM yaml.fail('YA001', line_nos[property], cols[property],
                    'an anchor or tag without a node', 'the node after it, indented');
            END LOOP;
            FOREACH property IN ARRAY array_remove(ARRAY[own.node_anchor, own.node_tag], NULL) LOOP
                events := events || kinds[property];
                tokens := tokens || property;
            END LOOP;
            i := own.i;
            kind := coalesce(kinds[i], 'Z');
            is_marker := kind IN ('D', 'E', '%', 'Z');
        END IF;
        col := cols[i];
        is_structure := kind IN ('K', '-', 'Q', 'A', '?', ':');

        -- close what ends here; an empty node [106] fills what is still open
        keep_col := CASE WHEN is_structure THEN col WHEN is_marker THEN -1 ELSE col - 1 END;
        LOOP
            -- a sequence at the column of its mapping [201] is ended by a key
            EXIT WHEN frame_col <= keep_col AND NOT (is_structure AND kind <> '-' AND frame = 'S'
                AND frame_col = col AND frames[depth] = 'M' AND frame_cols[depth] = col);
            IF state = '?' THEN
                events := events || 'n'::"char";
                tokens := tokens || i;
            END IF;
            IF state IN ('v', 'x', '?') THEN
                events := events || 'N'::"char";
                tokens := tokens || i;
            END IF;
            events := events || CASE frame WHEN 'M' THEN '}' ELSE ']' END::"char";
            tokens := tokens || i;
            frame := frames[depth];
            frame_col := frame_cols[depth];
            depth := depth - 1;
            state := 'k';
        END LOOP;

        IF is_marker THEN   -- [202] to [211]
            IF in_document AND state = 'v' THEN
                events := events || 'N'::"char";
                tokens := tokens || i;
            END IF;
            IF kinds[i - 1] = '%' AND kind IN ('E', 'Z') THEN
                PERFORM yaml.fail('YA001', line_nos[i - 1], 0, 'no document follows the directives', '"---"');
            END IF;
            EXIT WHEN kind = 'Z';
            in_document := kind = 'D';
            state := CASE kind WHEN 'D' THEN 'v' ELSE 'k' END;
            IF kind <> 'E' THEN
                events := events || kind;
                tokens := tokens || i;
            END IF;
        ELSIF is_structure THEN   -- l+block-sequence [183], l+block-mapping [187]
            IF (frame_col < col OR kind = '-' AND frame = 'M') AND state = 'v' THEN
                events := events || CASE kind WHEN '-' THEN '[' ELSE '{' END::"char";
                tokens := tokens || i;
                depth := depth + 1;
                frames[depth] := frame;
                frame_cols[depth] := frame_col;
                IF depth > max_depth THEN
                    PERFORM yaml.fail('YA005', line_nos[i], col, format('more than %s levels of nesting', max_depth));
                END IF;
                frame := CASE kind WHEN '-' THEN 'S' ELSE 'M' END;
                frame_col := col;
            ELSIF frame_col < col OR (kind = '-') <> (frame = 'S') THEN
                PERFORM yaml.refuse_block(kind, frame, frame_col, state, TRUE, line_nos[i], col);
            ELSE
                IF state = '?' THEN
                    events := events || 'n'::"char";
                    tokens := tokens || i;
                    state := 'x';
                END IF;
                IF state = 'v' OR state = 'x' AND kind <> ':' THEN
                    events := events || 'N'::"char";
                    tokens := tokens || i;
                    state := 'k';
                END IF;
            END IF;
            IF kind IN ('K', 'Q', 'A') THEN
                IF has_own THEN
                    FOREACH property IN ARRAY array_remove(ARRAY[own.key_anchor, own.key_tag], NULL) LOOP
                        events := events || kinds[property];
                        tokens := tokens || property;
                    END LOOP;
                END IF;
                events := events || kind;
                tokens := tokens || i;
            ELSIF kind = ':' AND state <> 'x' THEN
                events := events || 'n'::"char";
                tokens := tokens || i;
            END IF;
            state := CASE kind WHEN '?' THEN '?' ELSE 'v' END;
        ELSIF state = 'v' AND kind IN ('[', '{') THEN
            flow := yaml.parse_flow(kinds, line_nos, cols, depth, i);
            FOR j IN 1..cardinality(flow.events) LOOP
                events := events || flow.events[j];
                tokens := tokens || flow.tokens[j];
            END LOOP;
            i := flow.i;
            state := 'k';
        ELSIF state = 'v' OR state = '?' AND kind NOT IN ('[', '{') THEN
            -- s-l+flow-in-block [197], s-l+block-scalar [199]; after "?" it is a key [190]
            events := events || CASE WHEN state = '?' AND kind = 'p' THEN 'K'
                WHEN state = '?' AND kind = '*' THEN 'A' WHEN state = '?' THEN 'Q'
                WHEN kind = 'b' THEN 'q' ELSE kind END;
            tokens := tokens || i;
            state := CASE state WHEN '?' THEN 'x' ELSE 'k' END;
        ELSE
            PERFORM yaml.refuse_block(kind, frame, frame_col, state, line_nos[i - 1] = line_nos[i], line_nos[i], col);
        END IF;
    END LOOP;
END;
$$;
COMMENT ON FUNCTION yaml.parse("char"[], INTEGER[], INTEGER[]) IS
'The events of a token stream, l-yaml-stream [211]: l+block-sequence [183], l+block-mapping [187], s-l+block-node [196] and the documents [207]-[210]. YA001, YA002 (collection as key), YA005 (nesting).';

ALTER FUNCTION yaml.read_properties("char"[], INTEGER[], INTEGER[], INTEGER)
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.refuse_block("char", "char", INTEGER, "char", BOOLEAN, INTEGER, INTEGER)
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.parse("char"[], INTEGER[], INTEGER[]) OWNER TO pipeline_owner;
