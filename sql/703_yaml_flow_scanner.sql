-- YAML 1.2 in plain PL/pgSQL: the scanner inside flow collections, lines -> tokens. What a token is and
-- what costs time stands in 705_yaml_scanner.sql.

CREATE FUNCTION yaml.flow_lexemes(rest TEXT) RETURNS TEXT[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    -- indicator | quoted, with the colon of a key | anchor, alias | tag | comment
    -- | ns-plain(n,flow-in) [131], with the colon of a key, also of colons alone (one by one, a
    -- line of them would be read as often as it has them) | any other character; then blanks
    RETURN ARRAY(SELECT m[1] FROM regexp_matches(
        rest,
        '(?:[][{},]'
        '|"(?:[^"\\]|\\.)*"(?:[ \t]*:)?|''(?:[^'']|'''')*''(?!'')(?:[ \t]*:)?'
        '|[&*][^ \t,\[\]{}]+|!<[^ \t>]*>|![^ \t,\[\]{}]*|#.*'
        '|(?:[^] \t,[{}"''#&*!|>%@`?:-](?:[^] \t,[{}]*[^] \t,[{}:])?'
        '|[?:-][^] \t,[{}]*[^] \t,[{}:])'
        '(?:[ \t]+(?:[^] \t,[{}#:]|[^] \t,[{}#][^] \t,[{}]*[^] \t,[{}:]))*(?:[ \t]*:+)?'
        '|::+|.)[ \t]*',
        'g'
    ) AS m);
END;
$$;
COMMENT ON FUNCTION yaml.flow_lexemes(TEXT) IS
'What a line, from its first character not blank on, consists of inside a flow collection, each with the blanks after it: ns-flow-node [161], c-flow-sequence [137] and c-flow-mapping [140] taken apart.';

CREATE FUNCTION yaml.scan_flow_node(
    lines TEXT[], INOUT line_no INTEGER, lexeme TEXT, col INTEGER, parent INTEGER, before "char",
    OUT kind "char", OUT val TEXT, OUT has_colon BOOLEAN, OUT rest TEXT
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    first CONSTANT TEXT := left(lexeme, 1);
    more RECORD;
BEGIN
    has_colon := FALSE;
    IF first IN ('&', '*', '!') THEN
        kind := first;
        val := lexeme;
        IF lexeme IN ('&', '*') THEN
            PERFORM yaml.fail('YA001', line_no, col, 'a name is missing', 'a name after ' || lexeme);
        END IF;
    ELSIF first IN ('"', '''') AND length(lexeme) > 1 THEN
        kind := 'q';
        has_colon := right(lexeme, 1) = ':';
        val := CASE WHEN has_colon THEN rtrim(left(lexeme, -1), E' \t') ELSE lexeme END;
        val := substr(val, 2, length(val) - 2);
        IF first = '''' THEN
            val := replace(val, '''''', '''');
        ELSIF strpos(val, '\') > 0 THEN
            val := yaml.unescape(val, line_no, col + 1);
        END IF;
    ELSIF first IN ('"', '''') THEN
        kind := 'q';
        more := yaml.scan_quoted(lines, line_no, substr(lines[line_no], col + 1), parent);
        val := more.val;
        line_no := more.line_no;
        rest := more.rest;
    ELSIF first = ':' AND (lexeme = ':' OR before IN ('q', ']', '}')) THEN
        kind := ':';         -- c-ns-flow-map-adjacent-value [149]: no blank has to follow
        rest := CASE WHEN lexeme <> ':' THEN substr(lines[line_no], col + 2) END;
    ELSIF lexeme = '?' THEN
        kind := '?';
    ELSIF strpos('-|>%@`', lexeme) > 0 THEN
        PERFORM yaml.fail('YA001', line_no, col,
            format('"%s" cannot start a value inside [ ] or { }', lexeme), 'quotes around it');
    ELSE
        kind := 'p';
        has_colon := right(lexeme, 1) = ':';
        val := CASE WHEN has_colon THEN rtrim(left(lexeme, -1), E' \t') ELSE lexeme END;
    END IF;
END;
$$;
COMMENT ON FUNCTION yaml.scan_flow_node(TEXT[], INTEGER, TEXT, INTEGER, INTEGER, "char") IS
'The token of a lexeme inside a flow collection: c-ns-properties [96], c-ns-alias-node [104], ns-flow-content [158] or the indicator ? or :. has_colon: an implicit key [154], its colon included. rest: set if the line has to be taken apart anew from there. before: the kind of the token before. YA001, YA002.';

CREATE FUNCTION yaml.next_flow_line(
    lines TEXT[], line_no INTEGER, parent INTEGER, depth INTEGER,
    start_line INTEGER, start_col INTEGER
) RETURNS INTEGER
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    line TEXT;
    first TEXT;
BEGIN
    LOOP
        line_no := line_no + 1;
        line := lines[line_no];
        IF line IS NULL OR yaml.is_forbidden(line) THEN
            PERFORM yaml.fail('YA001', start_line, start_col,
                'the flow collection that starts here does not end',
                CASE substr(lines[start_line], start_col + 1, 1) WHEN '[' THEN ']' ELSE '}' END);
        END IF;
        first := left(ltrim(line, E' \t'), 1);
        EXIT WHEN first <> '';
    END LOOP;
    -- the closing bracket of the whole may stand at its parent's column: not in the
    -- specification, but common, and read by every other implementation
    IF yaml.indent_of(line) <= parent AND first <> '#'
        AND NOT (yaml.indent_of(line) = parent AND depth = 1 AND first IN (']', '}')) THEN
        PERFORM yaml.fail('YA001', line_no, yaml.indent_of(line), format(
            'the line is inside the bracket that opens on line %s, column %s', start_line, start_col + 1),
            format('the closing bracket before it, or %s spaces at its start', parent + 1));
    END IF;
    RETURN line_no;
END;
$$;
COMMENT ON FUNCTION yaml.next_flow_line(TEXT[], INTEGER, INTEGER, INTEGER, INTEGER, INTEGER) IS
'The number of the next line with content inside a flow collection, s-flow-line-prefix [69]. YA001 if the text or document ends, naming the start, or the line is not indented deeper than parent.';

CREATE FUNCTION yaml.scan_flow(
    lines TEXT[], INOUT line_no INTEGER, INOUT rest TEXT, parent INTEGER,
    OUT kinds "char"[], OUT vals TEXT[], OUT line_nos INTEGER[], OUT cols INTEGER[]
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    max_depth CONSTANT INTEGER := 200;
    depth INTEGER := 0;
    lexeme TEXT;
    piece TEXT;
    kind "char";
    val TEXT;
    node RECORD;
    col INTEGER;
    is_separated BOOLEAN := FALSE; -- a blank or the start of the line precedes
    is_open BOOLEAN := FALSE;      -- the last token is a plain scalar that may go on
BEGIN
    -- too many brackets before any is closed: no need to take a long line apart
    IF length(rest) > 1000 THEN
        lexeme := substring(left(rest, 10000) FROM '^[^]}"''#!]*');
        IF length(lexeme) - length(translate(lexeme, '[{', '')) > max_depth THEN
            PERFORM yaml.fail('YA005', line_no, length(lines[line_no]) - length(rest), format('more than %s levels of nesting', max_depth));
        END IF;
    END IF;
    <<next_line>>
    LOOP
        is_separated := is_separated OR left(rest, 1) IN (' ', E'\t');
        rest := ltrim(rest, E' \t');
        col := length(lines[line_no]) - length(rest);
        FOREACH piece IN ARRAY yaml.flow_lexemes(rest) LOOP
            lexeme := rtrim(piece, E' \t');
            IF left(lexeme, 1) = '#' THEN
                IF NOT is_separated THEN
                    PERFORM yaml.fail('YA001', line_no, col, 'a comment follows without a space', 'a space before #');
                END IF;
                is_open := FALSE;
                EXIT;
            END IF;
            line_nos := line_nos || line_no;
            cols := cols || col;
            IF lexeme IN (',', '[', ']', '{', '}') THEN
                kind := lexeme;
                val := NULL;
                kinds := kinds || kind;
                vals := vals || val;
                is_open := FALSE;
                depth := depth + CASE WHEN lexeme IN ('[', '{') THEN 1 WHEN lexeme = ',' THEN 0 ELSE -1 END;
                IF depth > max_depth THEN
                    PERFORM yaml.fail('YA005', line_no, col, format('more than %s levels of nesting', max_depth));
                ELSIF depth = 0 THEN
                    rest := substr(lines[line_no], col + 2);
                    RETURN;
                END IF;
            ELSIF right(lexeme, 1) <> ':' AND (
                strpos('"''&*!:?-|>%@`', left(lexeme, 1)) = 0 OR lexeme ~ '^"[^"\\]*"$'
            ) THEN   -- a plain or quoted scalar with nothing special, at once for speed
                is_open := left(lexeme, 1) <> '"';
                kinds := kinds || CASE WHEN is_open THEN 'p' ELSE 'q' END::"char";
                val := CASE WHEN is_open THEN lexeme ELSE substr(lexeme, 2, length(lexeme) - 2) END;
                vals := vals || val;
            ELSE
                node := yaml.scan_flow_node(
                    lines, line_no, lexeme, col, parent, kinds[cardinality(kinds)]);
                line_no := node.line_no;
                kind := node.kind;
                val := node.val;
                kinds := kinds || kind;
                vals := vals || val;
                IF node.has_colon THEN
                    kinds := kinds || ':'::"char";
                    vals := vals || NULL::TEXT;
                    line_nos := line_nos || line_no;
                    cols := cols || col + length(lexeme) - 1;
                END IF;
                is_open := kind = 'p' AND NOT node.has_colon;
                rest := node.rest;
                IF rest IS NOT NULL THEN   -- the lexemes after it were cut under a wrong assumption
                    is_separated := FALSE;
                    CONTINUE next_line;
                END IF;
            END IF;
            is_separated := lexeme <> piece;
            col := col + length(piece);
        END LOOP;
        IF is_open THEN
            node := yaml.scan_plain(lines, line_no, val, parent, TRUE);
            is_open := FALSE;
            IF node.line_no > line_no THEN
                vals[cardinality(vals)] := node.val;
                line_no := node.line_no;
                rest := node.tail;
                is_separated := FALSE;
                CONTINUE;
            END IF;
        END IF;
        line_no := yaml.next_flow_line(lines, line_no, parent, depth, line_nos[1], cols[1]);
        rest := lines[line_no];
        is_separated := TRUE;
    END LOOP;
END;
$$;
COMMENT ON FUNCTION yaml.scan_flow(TEXT[], INTEGER, TEXT, INTEGER) IS
'The tokens of the flow collection at the start of rest, c-flow-sequence [137] or c-flow-mapping [140], its lines indented deeper than parent; the line it ends on and what follows it there. YA001, YA002, YA005 (nesting).';

ALTER FUNCTION yaml.flow_lexemes(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_flow_node(TEXT[], INTEGER, TEXT, INTEGER, INTEGER, "char")
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.next_flow_line(TEXT[], INTEGER, INTEGER, INTEGER, INTEGER, INTEGER)
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_flow(TEXT[], INTEGER, TEXT, INTEGER) OWNER TO pipeline_owner;
