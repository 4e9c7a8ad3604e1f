-- YAML 1.2 in plain PL/pgSQL, part 1 of 3: the scanner, lines -> tokens.
--
-- A token is a kind (one character), a value, a line (from 1) and a column (from 0):
--   D E %        document start "---", document end "...", directive line
--   - ? :        block indicators; ? : also inside flow collections
--   K Q A        implicit block key: plain, quoted, alias
--   p q b        scalar: plain, quoted, block (literal or folded)
--   & * !        anchor, alias, tag
--   [ ] { } ,    flow indicators
-- Production numbers in brackets are those of the YAML 1.2.2 specification.
--
-- Time is linear because a line is cut off the text once, no array is copied in a loop, and a
-- long line is taken apart by one regexp_matches(..., 'g'). Patterns without capturing groups
-- cost a tenth of those with; there are fewer than 32 of them, the size of the server's cache.
-- A function of one SELECT is inlined and costs nothing; one that returns several values costs
-- as much as ten statements, so the commonest tokens are read where they are found.

CREATE FUNCTION yaml.flow_lexemes(rest TEXT) RETURNS TEXT[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    -- indicator | quoted, with the colon of a key | anchor, alias | tag | comment
    -- | ns-plain(n,flow-in) [131], with the colon of a key | any other character; then blanks
    RETURN ARRAY(SELECT m[1] FROM regexp_matches(
        rest,
        '(?:[][{},]'
        '|"(?:[^"\\]|\\.)*"(?:[ \t]*:)?|''(?:[^'']|'''')*''(?:[ \t]*:)?'
        '|[&*][^ \t,\[\]{}]+|!<[^ \t>]*>|![^ \t,\[\]{}]*|#.*'
        '|(?:[^] \t,[{}"''#&*!|>%@`?:-](?:[^] \t,[{}]*[^] \t,[{}:])?'
        '|[?:-][^] \t,[{}]*[^] \t,[{}:])'
        '(?:[ \t]+(?:[^] \t,[{}#:]|[^] \t,[{}#][^] \t,[{}]*[^] \t,[{}:]))*(?:[ \t]*:+)?'
        '|.)[ \t]*',
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
        PERFORM yaml.fail('YA001', line_no, yaml.indent_of(line), 'the line is inside [ ] or { }',
            format('at least %s leading spaces', parent + 1));
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

CREATE FUNCTION yaml.scan_node(
    lines TEXT[], INOUT line_no INTEGER, rest TEXT, parent INTEGER, properties TEXT,
    OUT kind "char", OUT val TEXT, OUT tail TEXT
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    first CONSTANT TEXT := left(rest, 1);
    start_line CONSTANT INTEGER := line_no;
    col CONSTANT INTEGER := length(lines[line_no]) - length(rest);
    more RECORD;
BEGIN
    IF first IN ('"', '''') THEN
        kind := 'q';
        val := CASE first WHEN '"' THEN substring(rest FROM '^"[^"\\]*"')
            ELSE substring(rest FROM '^''[^'']*''') END;
        tail := substr(rest, length(val) + 1);
        IF val IS NULL OR left(tail, 1) = '''' THEN
            more := yaml.scan_quoted(lines, line_no, rest, parent);
            line_no := more.line_no;
            val := more.val;
            tail := more.rest;
        ELSE
            val := substr(val, 2, length(val) - 2);
        END IF;
    ELSIF first IN ('&', '*', '!') THEN
        kind := first;
        val := substring(rest FROM '^(?:[&*][^ \t,\[\]{}]+|!<[^ \t>]*>|![^ \t,\[\]{}]*)');
        tail := substr(rest, length(val) + 1);
        IF strpos(properties, first) > 0 THEN
            PERFORM yaml.fail('YA001', line_no, col, 'a second anchor or tag for the same node', 'the node');
        ELSIF val IS NULL OR left(tail, 1) NOT IN ('', ' ', E'\t') THEN
            PERFORM yaml.fail('YA001', line_no, col,
                CASE first WHEN '!' THEN 'malformed tag' ELSE 'malformed anchor or alias' END,
                'a name without , [ ] { }, then a space');
        END IF;
    ELSE
        PERFORM yaml.fail('YA001', line_no, col, format('"%s" cannot start a value', first),
            'a value, or quotes around it');
    END IF;
    IF kind IN ('q', '*') AND line_no = start_line AND yaml.is_value_indicator(tail) THEN
        kind := CASE kind WHEN 'q' THEN 'Q' ELSE 'A' END;   -- an implicit key [154] [155]
        tail := substr(tail, strpos(tail, ':') + 1);
    END IF;
END;
$$;
COMMENT ON FUNCTION yaml.scan_node(TEXT[], INTEGER, TEXT, INTEGER, TEXT) IS
'The token at the start of rest that is quoted [109] [120], an anchor, alias or tag [96] [104]: its kind and value, the line it ends on and what follows it there. With the ":" of a key its kind is Q or A. properties: & and ! for those before it. YA001, YA002.';

CREATE FUNCTION yaml.scan_line_start(
    line TEXT, line_no INTEGER, before "char", OUT marker "char", OUT rest TEXT
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    rest := ltrim(line, E' \t');
    IF left(rest, 1) = '#' THEN                        -- l-comment [78]
        rest := '';
    ELSIF left(line, 1) = '%' AND coalesce(before IN ('%', 'E'), TRUE) THEN   -- l-directive [82]
        marker := '%';
        rest := '';
    ELSIF yaml.is_forbidden(line) THEN                 -- [203] [204]
        marker := CASE left(line, 1) WHEN '-' THEN 'D' ELSE 'E' END;
        rest := ltrim(substr(line, 4), E' \t');
        IF left(rest, 1) = '#' THEN
            rest := '';
        ELSIF marker = 'E' AND rest <> '' THEN
            PERFORM yaml.fail('YA001', line_no, length(line) - length(rest),
                'text follows the document end "..."', 'the end of the line');
        END IF;
    END IF;
END;
$$;
COMMENT ON FUNCTION yaml.scan_line_start(TEXT, INTEGER, "char") IS
'What follows on a line after blanks and a document marker, empty if that is a comment. marker: D, E or % if the line starts with "---" or "..." or is a directive, which only follows the kinds of token before it that end a document. YA001.';

CREATE FUNCTION yaml.refuse_here(
    first TEXT, line_no INTEGER, col INTEGER, before "char"
) RETURNS VOID
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    CASE
        WHEN first = ':' AND before IN (']', '}') THEN
            PERFORM yaml.fail('YA002', line_no, col, 'a collection as key: JSON has only texts as keys', 'a text');
        WHEN first = ':' AND before = 'q' THEN
            PERFORM yaml.fail('YA001', line_no, col, 'a key must be on one line', 'the end of the line');
        WHEN first = '#' THEN
            PERFORM yaml.fail('YA001', line_no, col, 'a comment follows without a space', 'a space before #');
        ELSE
            PERFORM yaml.fail('YA001', line_no, col, 'text follows a value', 'the end of the line');
    END CASE;
END;
$$;
COMMENT ON FUNCTION yaml.refuse_here(TEXT, INTEGER, INTEGER, "char") IS
'Raises what is wrong with first after a finished value of kind before on the same line.';

CREATE FUNCTION yaml.refuse_start(
    kind "char", line TEXT, line_no INTEGER, col INTEGER
) RETURNS VOID
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    IF left(line, col + 1) ~ '\t' THEN
        PERFORM yaml.fail('YA001', line_no, strpos(line, E'\t') - 1,
            'a tab before a key, "-" or "?" is no indentation', 'spaces');
    ELSIF kind IN ('-', '?', ':') THEN
        PERFORM yaml.fail('YA001', line_no, col, format('"%s" cannot stand here', kind),
            'a block collection to start on its own line');
    END IF;
    PERFORM yaml.fail('YA001', line_no, col, 'a mapping cannot start here',
        'a key at the start of a line, or quotes around a text with ": "');
END;
$$;
COMMENT ON FUNCTION yaml.refuse_start("char", TEXT, INTEGER, INTEGER) IS
'Raises that a block collection cannot start at the column of the line: after a tab, which is no s-indent [63], or after other text.';

CREATE FUNCTION yaml.scan(
    lines TEXT[], OUT kinds "char"[], OUT vals TEXT[], OUT line_nos INTEGER[], OUT cols INTEGER[]
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    max_depth CONSTANT INTEGER := 200;
    line_no INTEGER := 0;
    line TEXT;
    rest TEXT := '';                -- what of the line is unread, from a character not blank on
    col INTEGER;                    -- of rest
    first TEXT;                     -- character of rest
    tail TEXT;                      -- what of the line follows the token
    kind "char";
    val TEXT;
    properties TEXT;                -- & and ! for those before this token on the line
    node_col INTEGER;               -- of the first of them
    may_nest BOOLEAN;               -- a block collection may start here
    indents INTEGER[] := '{-1}';   -- columns of the open block collections
    depth INTEGER := 1;
    parent INTEGER := -1;           -- indents[depth]
    more RECORD;
    flow_vals TEXT[];
BEGIN
    LOOP
        IF rest = '' THEN
            line_no := line_no + 1;
            line := lines[line_no];
            rest := ltrim(line, ' ');
            CONTINUE WHEN rest = '';
            EXIT WHEN rest IS NULL;
            first := left(rest, 1);
            col := length(line) - length(rest);
            may_nest := first <> E'\t';   -- a blank, but no indentation: s-indent [63]
            properties := '';
            IF strpos(E'#\t%', first) > 0 OR col = 0 AND left(rest, 3) IN ('---', '...') THEN
                more := yaml.scan_line_start(line, line_no, kinds[cardinality(kinds)]);
                rest := more.rest;
                first := left(rest, 1);
                kind := more.marker;
                IF kind IS NOT NULL THEN
                    may_nest := FALSE;
                    depth := 1;
                    parent := -1;
                    kinds := kinds || kind;
                    vals := vals || line;
                    line_nos := line_nos || line_no;
                    cols := cols || 0;
                    col := length(line) - length(rest);
                END IF;
                CONTINUE WHEN kind IS NOT NULL OR rest = '';
            END IF;
            WHILE parent > col LOOP
                depth := depth - 1;
                parent := indents[depth];
            END LOOP;
        END IF;

        -- one token; its branch leaves what follows it on the line in tail
        line_nos := line_nos || line_no;
        cols := cols || col;
        IF strpos('-?:,[]{}#&*!|>''"%@`', first) = 0
            OR strpos('-?:', first) > 0 AND substr(rest, 2, 1) NOT IN ('', ' ', E'\t') THEN
            val := yaml.plain_on_line(rest, FALSE);
            tail := substr(rest, length(val) + 1);
            IF right(val, 1) = ':' THEN   -- ns-s-implicit-yaml-key(block-key) [154]
                kind := 'K';
                val := rtrim(left(val, -1), E' \t');
            ELSE
                kind := 'p';
                IF ltrim(left(lines[line_no + 1], parent + 1), ' ') = '' AND ltrim(tail, E' \t') = '' THEN
                    more := yaml.scan_plain(lines, line_no, val, parent, FALSE);
                    val := more.val;
                    line_no := more.line_no;
                    tail := more.tail;
                END IF;
            END IF;
        ELSIF strpos('-?:', first) > 0 THEN   -- [184] [189] [191]
            -- an empty key [144] with a tag or anchor before it is a key like others
            kind := CASE WHEN first = ':' AND properties <> '' THEN 'K' ELSE first END;
            val := CASE kind WHEN 'K' THEN '' END;
            tail := substr(rest, 2);
            IF length(rest) > 1000 AND left(rest, 402) ~ '^(?:[-?:] ){201}' THEN
                PERFORM yaml.fail('YA005', line_no, col, format('more than %s levels of nesting', max_depth));
            END IF;
        ELSIF first = '"' AND rest ~ '^"[^"\\]*"[ \t]*$' THEN   -- nothing to unescape or to fold
            kind := 'q';
            val := rtrim(rest, E' \t');
            val := substr(val, 2, length(val) - 2);
            tail := '';
        ELSIF first IN ('|', '>') THEN
            more := yaml.scan_block_scalar(lines, line_no, rest, parent);
            kind := 'b';
            val := more.val;
            line_no := more.line_no;
            tail := '';
        ELSIF first IN ('[', '{') THEN
            more := yaml.scan_flow(lines, line_no, rest, parent);
            flow_vals := more.vals;   -- in the record its texts would be searched from the start
            FOR i IN 2..cardinality(flow_vals) LOOP
                kinds := kinds || more.kinds[i - 1];
                vals := vals || flow_vals[i - 1];
                line_nos := line_nos || more.line_nos[i];
                cols := cols || more.cols[i];
            END LOOP;
            kind := more.kinds[cardinality(flow_vals)];
            val := NULL;
            line_no := more.line_no;
            tail := more.rest;
        ELSE
            more := yaml.scan_node(lines, line_no, rest, parent, properties);
            kind := more.kind;
            val := more.val;
            line_no := more.line_no;
            tail := more.tail;
        END IF;

        IF kind IN ('p', 'q', 'b') OR kind = 'K' AND may_nest AND col = parent
            AND properties = '' AND length(val) <= 1000 THEN   -- the commonest, for speed
            may_nest := FALSE;
        ELSIF kind IN ('K', '-', 'Q', 'A', '?', ':') THEN   -- of a block collection
            IF NOT may_nest OR properties <> '' AND kind IN ('-', '?') THEN
                PERFORM yaml.refuse_start(kind, lines[line_no], line_no, col);
            ELSIF length(lines[line_no]) - length(tail) - 1 - col > 1024 AND strpos('-?:', kind) = 0 THEN
                PERFORM yaml.fail('YA001', line_no, col,
                    'a key of more than 1024 characters', '"? " before it and ": " on the next line');
            ELSIF properties <> '' THEN   -- they are the key's: the mapping starts there
                col := node_col;
                cols[cardinality(cols)] := col;
                properties := '';
            END IF;
            may_nest := strpos('-?:', kind) > 0 AND ltrim(tail, ' ') = ltrim(tail, E' \t');
            IF col > parent THEN
                depth := depth + 1;
                indents[depth] := col;
                parent := col;
                IF depth > max_depth + 1 THEN
                    PERFORM yaml.fail('YA005', line_no, col, format('more than %s levels of nesting', max_depth));
                END IF;
            END IF;
        ELSIF kind IN ('&', '!') THEN
            node_col := CASE properties WHEN '' THEN col ELSE node_col END;
            properties := properties || kind::TEXT;
        ELSE
            may_nest := FALSE;
        END IF;
        kinds := kinds || kind;
        vals := vals || val;
        rest := ltrim(tail, E' \t');
        IF rest <> '' THEN
            first := left(rest, 1);
            col := length(lines[line_no]) - length(rest);
            IF first = '#' AND rest <> tail THEN
                rest := '';
            ELSIF strpos('pq*]}', kind) > 0 OR first = '#' THEN
                PERFORM yaml.refuse_here(first, line_no, col, kind);
            END IF;
        END IF;
    END LOOP;
END;
$$;
COMMENT ON FUNCTION yaml.scan(TEXT[]) IS
'The tokens of the lines of a YAML stream: ns-plain [131], c-flow-json-node [160] and block indicators. Knows of the structure only the columns of the open block collections, which end multi-line scalars. YA001, YA002, YA005 (nesting).';

ALTER FUNCTION yaml.flow_lexemes(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_flow_node(TEXT[], INTEGER, TEXT, INTEGER, INTEGER, "char")
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.next_flow_line(TEXT[], INTEGER, INTEGER, INTEGER, INTEGER, INTEGER)
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_flow(TEXT[], INTEGER, TEXT, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_node(TEXT[], INTEGER, TEXT, INTEGER, TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_line_start(TEXT, INTEGER, "char") OWNER TO pipeline_owner;
ALTER FUNCTION yaml.refuse_here(TEXT, INTEGER, INTEGER, "char") OWNER TO pipeline_owner;
ALTER FUNCTION yaml.refuse_start("char", TEXT, INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan(TEXT[]) OWNER TO pipeline_owner;
