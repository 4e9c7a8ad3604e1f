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
--
-- depends: 0200_security

CREATE SCHEMA yaml;
GRANT USAGE ON SCHEMA yaml TO public;
COMMENT ON SCHEMA yaml IS
'The parts of parse_yaml and to_yaml. Their signatures may change; call the functions in public.';

CREATE FUNCTION yaml.fail(
    code TEXT, line_no INTEGER, col INTEGER, problem TEXT, expected TEXT DEFAULT NULL
) RETURNS VOID
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = code,
        MESSAGE = format('line %s, column %s: %s', line_no, col + 1, problem),
        DETAIL = coalesce('Expected ' || expected || '.', '');
END;
$$;
COMMENT ON FUNCTION yaml.fail(TEXT, INTEGER, INTEGER, TEXT, TEXT) IS
'Raises code with "line L, column C: problem" as message and what was expected as detail. col counts from 0 and is shown from 1.';

CREATE FUNCTION yaml.lines(source TEXT) RETURNS TEXT[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    max_bytes CONSTANT INTEGER := 2097152;
    body TEXT := ltrim(source, chr(65279));
    before TEXT;
    bad TEXT;
BEGIN
    IF octet_length(source) > max_bytes THEN
        PERFORM yaml.fail('YA005', 1, 0, format(
            'the text has %s bytes; the limit is %s', octet_length(source), max_bytes));
    END IF;
    IF strpos(body, chr(13)) > 0 THEN
        body := replace(replace(body, E'\r\n', E'\n'), chr(13), E'\n');
    END IF;
    bad := substring(body FROM '[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]');
    IF bad IS NOT NULL THEN
        before := left(body, strpos(body, bad) - 1);
        PERFORM yaml.fail(
            'YA001',
            length(before) - length(replace(before, E'\n', '')) + 1,
            length(substring(before FROM '[^\n]*$')),
            format('the character U+%s is not allowed', upper(lpad(to_hex(ascii(bad)), 4, '0'))),
            'printable text; in double quotes such a character can be written as an escape');
    END IF;
    RETURN string_to_array(body, E'\n');
END;
$$;
COMMENT ON FUNCTION yaml.lines(TEXT) IS
'The lines of a text: byte order mark dropped, CR LF and CR read as LF [28], control characters refused [1] (YA001), size limited to 2 MiB (YA005).';

CREATE FUNCTION yaml.code_point(
    digits TEXT, line_no INTEGER, col INTEGER
) RETURNS INTEGER
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    code BIGINT;
BEGIN
    IF digits !~ '^[0-9a-fA-F]+$' OR length(digits) NOT IN (2, 4, 8) THEN
        PERFORM yaml.fail('YA001', line_no, col, 'the escape is incomplete',
            '2, 4 or 8 hexadecimal digits after \x, \u or \U');
    END IF;
    code := ('x' || lpad(digits, 16, '0'))::BIT(64)::BIGINT;
    IF code = 0 THEN
        PERFORM yaml.fail('YA002', line_no, col, 'PostgreSQL cannot hold the character U+0000');
    ELSIF code > 1114111 THEN
        PERFORM yaml.fail('YA001', line_no, col, 'the escape is beyond the last character U+10FFFF');
    END IF;
    RETURN code::INTEGER;
END;
$$;
COMMENT ON FUNCTION yaml.code_point(TEXT, INTEGER, INTEGER) IS
'The character number of a hexadecimal escape [59]-[61]; YA001 if malformed, YA002 for U+0000.';

CREATE FUNCTION yaml.unescape(body TEXT, line_no INTEGER, col INTEGER) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    parts TEXT[] := string_to_array(body, '\');
    simple CONSTANT TEXT := 'abtnvfre "/N_LP' || chr(9);
    meaning CONSTANT TEXT := E'\x07\b\t\n\x0b\f\r\x1b "/' || U&'\0085\00a0\2028\2029' || chr(9);
    part TEXT;
    digits INTEGER;
    code INTEGER;
    high INTEGER;   -- first half of a surrogate pair, as JSON writes characters above U+FFFF
    i INTEGER := 2;
BEGIN
    WHILE i <= cardinality(parts) LOOP
        part := parts[i];
        col := col + length(parts[i - 1]) + 1;
        digits := CASE left(part, 1) WHEN 'x' THEN 2 WHEN 'u' THEN 4 WHEN 'U' THEN 8 ELSE 0 END;
        IF left(part, 1) = '0' THEN
            PERFORM yaml.code_point('00', line_no, col);
        ELSIF digits > 0 THEN
            code := yaml.code_point(substr(part, 2, digits), line_no, col);
            IF high IS NOT NULL AND code BETWEEN 56320 AND 57343 THEN
                code := 65536 + (high - 55296) * 1024 + (code - 56320);
                high := NULL;
            ELSIF code BETWEEN 55296 AND 56319 AND high IS NULL AND length(part) = 5 THEN
                high := code;
            ELSIF code BETWEEN 55296 AND 57343 THEN
                PERFORM yaml.fail('YA002', line_no, col, 'half a surrogate pair is no character');
            END IF;
            parts[i] := CASE WHEN high IS NULL THEN chr(code) ELSE '' END
                || substr(part, 2 + digits);
        ELSIF part = '' AND i < cardinality(parts) THEN
            parts[i] := '\';
            i := i + 1;   -- the next part follows an escaped backslash and is literal
            col := col + 1;
        ELSIF part <> '' AND strpos(simple, left(part, 1)) > 0 THEN
            parts[i] := substr(meaning, strpos(simple, left(part, 1)), 1) || substr(part, 2);
        ELSE
            PERFORM yaml.fail('YA001', line_no, col, format('unknown escape \%s', left(part, 1)),
                'one of 0 a b t n v f r e " / \ N _ L P space tab, xHH, uHHHH or UHHHHHHHH');
        END IF;
        IF high IS NOT NULL AND (digits = 0 OR high <> code) THEN
            PERFORM yaml.fail('YA002', line_no, col, 'half a surrogate pair is no character');
        END IF;
        i := i + 1;
    END LOOP;
    IF high IS NOT NULL THEN
        PERFORM yaml.fail('YA002', line_no, col, 'half a surrogate pair is no character');
    END IF;
    RETURN array_to_string(parts, '');
END;
$$;
COMMENT ON FUNCTION yaml.unescape(TEXT, INTEGER, INTEGER) IS
'Replaces the escapes of a double-quoted line, c-ns-esc-char [62]. YA001 for an unknown one, YA002 for U+0000 and lone surrogates.';

CREATE FUNCTION yaml.scan_quoted(
    lines TEXT[], INOUT line_no INTEGER, INOUT rest TEXT, parent INTEGER, OUT val TEXT
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    quote CONSTANT TEXT := left(rest, 1);
    is_double CONSTANT BOOLEAN := quote = '"';
    start_line CONSTANT INTEGER := line_no;
    start_col CONSTANT INTEGER := length(lines[line_no]) - length(rest);
    line TEXT := lines[line_no];
    chunk TEXT;
    parts TEXT[] := '{}';
    breaks INTEGER := 0;             -- empty lines since the last part
    is_closed BOOLEAN;
    is_escaped BOOLEAN := FALSE;     -- this line ends in a backslash
    was_escaped BOOLEAN := FALSE;
BEGIN
    rest := substr(rest, 2);
    LOOP
        chunk := CASE WHEN is_double THEN substring(rest FROM '^(?:[^"\\]|\\.)*')
            ELSE substring(rest FROM '^(?:[^'']|'''')*') END;
        rest := substr(rest, length(chunk) + 1);
        is_closed := left(rest, 1) = quote;
        is_escaped := rest = '\';
        IF NOT is_closed AND NOT is_escaped THEN
            -- trailing blanks are folded away, but not one that a backslash protects
            chunk := rtrim(chunk, E' \t')
                || CASE WHEN chunk ~ '\\[ \t]+$' AND is_double
                    AND length(substring(rtrim(chunk, E' \t') FROM '\\+$')) % 2 = 1
                    THEN substr(chunk, length(rtrim(chunk, E' \t')) + 1, 1) ELSE '' END;
        END IF;
        IF chunk = '' AND parts <> '{}' AND NOT is_closed AND NOT is_escaped THEN
            breaks := breaks + 1;
        ELSE
            IF NOT is_double THEN
                chunk := replace(chunk, '''''', '''');
            ELSIF strpos(chunk, '\') > 0 THEN
                chunk := yaml.unescape(
                    chunk, line_no, length(line) - length(rest) - length(chunk));
            END IF;
            parts[cardinality(parts) + 1] := CASE
                WHEN breaks > 0 THEN repeat(E'\n', breaks)
                WHEN parts = '{}' OR was_escaped THEN '' ELSE ' ' END || chunk;
            breaks := 0;
            was_escaped := is_escaped;
        END IF;
        EXIT WHEN is_closed;
        line_no := line_no + 1;
        line := lines[line_no];
        IF line IS NULL OR line ~ '^(?:---|\.\.\.)(?:[ \t]|$)' THEN
            PERFORM yaml.fail('YA001', start_line, start_col,
                'the quoted scalar that starts here does not end', 'a closing ' || quote);
        END IF;
        rest := ltrim(line, E' \t');
        IF rest <> '' AND length(line) - length(ltrim(line, ' ')) <= parent THEN
            PERFORM yaml.fail('YA001', line_no, 0, 'the line continues a quoted scalar',
                format('at least %s leading spaces', parent + 1));
        END IF;
    END LOOP;
    rest := substr(rest, 2);
    val := array_to_string(parts, '');
END;
$$;
COMMENT ON FUNCTION yaml.scan_quoted(TEXT[], INTEGER, TEXT, INTEGER) IS
'Reads the quoted scalar at the start of rest, c-double-quoted [109] or c-single-quoted [120], over any number of lines indented deeper than parent. Returns its value, the line it ends on and what follows it there. YA001, YA002.';

CREATE FUNCTION yaml.plain_on_line(rest TEXT, in_flow BOOLEAN) RETURNS TEXT
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    -- words that neither start with # nor end in a colon, then the colon if it is a key
    SELECT CASE WHEN in_flow THEN substring(
        rest FROM
        '^(?:[^] \t,[{}#:]|[^] \t,[{}#][^] \t,[{}]*[^] \t,[{}:])?'
        '(?:[ \t]+(?:[^] \t,[{}#:]|[^] \t,[{}#][^] \t,[{}]*[^] \t,[{}:]))*(?:[ \t]*:+)?'
    ) ELSE substring(
        rest FROM
        '^(?:[^ \t#:]|[^ \t#][^ \t]*[^ \t:])?'
        '(?:[ \t]+(?:[^ \t#:]|[^ \t#][^ \t]*[^ \t:]))*(?:[ \t]*:+)?'
    ) END;
$$;
COMMENT ON FUNCTION yaml.plain_on_line(TEXT, BOOLEAN) IS
'What of a line, from its first character not blank on, belongs to a plain scalar,
nb-ns-plain-in-line(c) [132]; it ends in a colon if it is a key.';

CREATE FUNCTION yaml.scan_plain(
    lines TEXT[], INOUT line_no INTEGER, INOUT val TEXT, parent INTEGER, in_flow BOOLEAN,
    OUT tail TEXT
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    parts TEXT[] := ARRAY[val];
    ahead INTEGER := line_no;
    line TEXT;
    rest TEXT;
    chunk TEXT;
BEGIN
    tail := '';
    LOOP
        LOOP
            ahead := ahead + 1;
            line := lines[ahead];
            rest := ltrim(line, E' \t');
            EXIT WHEN line IS NULL OR rest <> '';
        END LOOP;
        EXIT WHEN line IS NULL OR left(rest, 1) = '#'
            OR length(line) - length(ltrim(line, ' ')) <= parent
            OR line ~ '^(?:---|\.\.\.)(?:[ \t]|$)';
        chunk := yaml.plain_on_line(rest, in_flow);
        IF right(chunk, 1) = ':' AND NOT in_flow THEN
            PERFORM yaml.fail(
                'YA001', ahead, length(line) - length(rest) + length(chunk) - 1,
                'a key must be on one line, and this line continues the scalar before it',
                'text without ": ", or less indentation');
        END IF;
        tail := substr(rest, length(chunk) + 1);
        IF right(chunk, 1) = ':' THEN
            tail := ':' || tail;
            chunk := rtrim(left(chunk, -1), E' \t');
        END IF;
        IF chunk <> '' THEN
            parts[cardinality(parts) + 1] := CASE WHEN ahead = line_no + 1 THEN ' '
                ELSE repeat(E'\n', ahead - line_no - 1) END || chunk;
        END IF;
        line_no := ahead;
        EXIT WHEN ltrim(tail, E' \t') <> '';
    END LOOP;
    val := array_to_string(parts, '');
END;
$$;
COMMENT ON FUNCTION yaml.scan_plain(TEXT[], INTEGER, TEXT, INTEGER, BOOLEAN) IS
'Continues a plain scalar over the lines indented deeper than parent, ns-plain-multi-line [135].
Takes its first line as val; returns all of it, its last line and what follows it there. YA001.';

CREATE FUNCTION yaml.scan_block_scalar(
    lines TEXT[], INOUT line_no INTEGER, header TEXT, parent INTEGER, OUT val TEXT
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    is_folded CONSTANT BOOLEAN := left(header, 1) = '>';
    chomp CONSTANT TEXT := coalesce(substring(left(header, 3) FROM '[-+]'), '');
    indent INTEGER := greatest(parent, 0) + substring(left(header, 3) FROM '[1-9]')::INTEGER;
    line TEXT;
    parts TEXT[] := '{}';
    breaks INTEGER := 0;             -- empty lines since the last part
    deepest_blank INTEGER := 0;
    is_kept BOOLEAN;                 -- the line break before this line is kept, not folded
    was_kept BOOLEAN := TRUE;
BEGIN
    IF header !~ '^[|>](?:[1-9][-+]?|[-+][1-9]?)?(?:[ \t]+#.*|[ \t]*)$' THEN
        PERFORM yaml.fail('YA001', line_no, length(lines[line_no]) - length(header),
            'the header of the block scalar is malformed',
            'an optional indentation 1-9, an optional + or -, then the end of the line');
    END IF;
    LOOP
        line := lines[line_no + 1];
        EXIT WHEN line IS NULL;
        IF ltrim(line, ' ') = '' THEN
            -- a line of spaces counts as text when it is longer than the indentation
            IF indent IS NULL OR length(line) <= indent THEN
                deepest_blank := greatest(deepest_blank, length(line));
                -- the piece after the last line break of the text is no line
                breaks := breaks + CASE WHEN line = '' AND lines[line_no + 2] IS NULL THEN 0 ELSE 1 END;
                line_no := line_no + 1;
                CONTINUE;
            END IF;
        ELSE
            IF indent IS NULL THEN
                indent := greatest(length(line) - length(ltrim(line, ' ')), parent + 1);
                IF deepest_blank > indent THEN
                    PERFORM yaml.fail('YA001', line_no + 1, indent,
                        'an empty line before this one has more spaces than this line',
                        'the first line of text to be the least indented');
                END IF;
            END IF;
            EXIT WHEN length(line) - length(ltrim(line, ' ')) < indent
                OR (indent = 0 AND line ~ '^(?:---|\.\.\.)(?:[ \t]|$)');
        END IF;
        line := substr(line, indent + 1);
        is_kept := NOT is_folded OR left(line, 1) IN (' ', E'\t');
        parts[cardinality(parts) + 1] := CASE
            WHEN parts = '{}' THEN repeat(E'\n', breaks)
            WHEN is_kept OR was_kept THEN repeat(E'\n', breaks + 1)
            WHEN breaks = 0 THEN ' ' ELSE repeat(E'\n', breaks) END || line;
        was_kept := is_kept;
        breaks := 0;
        line_no := line_no + 1;
    END LOOP;
    val := array_to_string(parts, '') || CASE
        -- a text that ends inside the last line has no line break to keep [165]
        WHEN chomp = '-' OR (line IS NULL AND ltrim(lines[line_no], ' ') <> '') THEN ''
        WHEN chomp = '+' THEN repeat(E'\n', breaks + CASE WHEN parts = '{}' THEN 0 ELSE 1 END)
        WHEN parts = '{}' THEN '' ELSE E'\n' END;
END;
$$;
COMMENT ON FUNCTION yaml.scan_block_scalar(TEXT[], INTEGER, TEXT, INTEGER) IS
'Reads the block scalar whose header is given, c-l+literal [170] or c-l+folded [174], with chomping [165] and indentation indicators [163]. Returns its value and its last line. YA001.';

CREATE FUNCTION yaml.scan_flow(
    lines TEXT[], INOUT line_no INTEGER, INOUT rest TEXT, parent INTEGER,
    OUT kinds "char"[], OUT vals TEXT[], OUT line_nos INTEGER[], OUT cols INTEGER[]
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    max_depth CONSTANT INTEGER := 200;
    line TEXT := lines[line_no];
    lexemes TEXT[];
    lexeme TEXT;
    first TEXT;
    col INTEGER := length(line) - length(rest);
    depth INTEGER := 0;
    n INTEGER := 0;                -- tokens written
    kind "char";
    val TEXT;
    is_separated BOOLEAN := FALSE; -- a blank or the start of the line precedes
    is_open_plain BOOLEAN := FALSE;-- the last token is a plain scalar that may go on
    has_colon BOOLEAN;             -- the colon of a key ends the lexeme
    start_line INTEGER;
    more RECORD;
BEGIN
    LOOP
        is_separated := is_separated OR left(rest, 1) IN (' ', E'\t');
        rest := ltrim(rest, E' \t');
        col := length(line) - length(rest);
        -- indicator | quoted, with the colon of a key | anchor, alias | tag | comment
        -- | ns-plain(n,flow-in) [131], with the colon of a key | any other character; then blanks
        lexemes := ARRAY(SELECT m[1] FROM regexp_matches(
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
        FOR i IN 1..coalesce(cardinality(lexemes), 0) LOOP
            lexeme := rtrim(lexemes[i], E' \t');
            first := left(lexeme, 1);
            val := NULL;
            has_colon := FALSE;
            start_line := line_no;
            IF first IN ('[', '{') THEN
                kind := first;
                depth := depth + 1;
                IF depth > max_depth THEN
                    PERFORM yaml.fail('YA005', line_no, col, format('more than %s levels of nesting', max_depth));
                END IF;
            ELSIF first IN (']', '}') THEN
                kind := first;
                depth := depth - 1;
            ELSIF first = ',' THEN
                kind := ',';
            ELSIF first = '#' THEN
                IF NOT is_separated THEN
                    PERFORM yaml.fail('YA001', line_no, col, 'a comment follows without a space',
                        'a space before #');
                END IF;
                is_open_plain := FALSE;
                EXIT;
            ELSIF first IN ('&', '*', '!') THEN
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
                more := yaml.scan_quoted(
                    lines, line_no, substr(line, col + 1), parent);
                val := more.val;
                line_no := more.line_no;
                rest := more.rest;
            ELSIF first = ':' AND (lexeme = ':' OR kinds[n] IN ('q', ']', '}')) THEN
                kind := ':';
                IF lexeme <> ':' THEN
                    rest := substr(line, col + 2);
                END IF;
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
            n := n + 1;
            kinds[n] := kind;
            vals[n] := val;
            line_nos[n] := start_line;
            cols[n] := col;
            IF has_colon THEN
                n := n + 1;
                kinds[n] := ':';
                vals[n] := NULL;
                line_nos[n] := line_no;
                cols[n] := col + length(lexeme) - 1;
            END IF;
            is_open_plain := kind = 'p' AND NOT has_colon;
            IF line_no > start_line OR (kind = ':' AND lexeme <> ':') THEN
                -- the rest of this line was cut into lexemes under a wrong assumption
                line := lines[line_no];
                lexemes := NULL;
                is_separated := FALSE;
                EXIT;
            END IF;
            IF depth = 0 THEN
                rest := substr(line, col + 2);
                RETURN;
            END IF;
            is_separated := lexeme <> lexemes[i];
            col := col + length(lexemes[i]);
        END LOOP;
        CONTINUE WHEN lexemes IS NULL AND rest <> '';
        IF kinds[n] = 'p' AND is_open_plain THEN
            more := yaml.scan_plain(lines, line_no, vals[n], parent, TRUE);
            is_open_plain := FALSE;
            IF more.line_no > line_no THEN
                vals[n] := more.val;
                line_no := more.line_no;
                line := lines[line_no];
                rest := more.tail;
                is_separated := FALSE;
                CONTINUE;
            END IF;
        END IF;

        LOOP   -- to the next line with content: s-flow-line-prefix [69]
            line_no := line_no + 1;
            line := lines[line_no];
            IF line IS NULL OR line ~ '^(?:---|\.\.\.)(?:[ \t]|$)' THEN
                PERFORM yaml.fail('YA001', line_nos[1], cols[1],
                    'the flow collection that starts here does not end',
                    CASE kinds[1] WHEN '[' THEN ']' ELSE '}' END);
            END IF;
            rest := ltrim(line, E' \t');
            EXIT WHEN rest <> '';
        END LOOP;
        col := length(line) - length(ltrim(line, ' '));
        -- the closing bracket of the whole may stand at its parent's column: not in the
        -- specification, but common, and read by every other implementation
        IF col <= parent AND left(rest, 1) <> '#'
            AND NOT (col = parent AND depth = 1 AND left(rest, 1) IN (']', '}')) THEN
            PERFORM yaml.fail('YA001', line_no, col, 'the line is inside [ ] or { }',
                format('at least %s leading spaces', parent + 1));
        END IF;
        col := length(line) - length(rest);
        is_separated := TRUE;
    END LOOP;
END;
$$;
COMMENT ON FUNCTION yaml.scan_flow(TEXT[], INTEGER, TEXT, INTEGER) IS
'The tokens of the flow collection at the start of rest, c-flow-sequence [137] or c-flow-mapping [140], its lines indented deeper than parent; the line it ends on and what follows it there. YA001, YA002.';

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
    tail TEXT;                      -- what of the line follows the token
    first TEXT;
    is_key BOOLEAN;
    col INTEGER := 0;               -- of rest
    node_col INTEGER := -1;         -- of the first anchor or tag before this token on the line
    may_nest BOOLEAN := FALSE;      -- a block collection may start here
    in_document BOOLEAN := FALSE;
    indents INTEGER[] := '{-1}';   -- columns of the open block collections
    depth INTEGER := 1;
    parent INTEGER := -1;           -- indents[depth]
    n INTEGER := 0;                 -- tokens written
    kind "char";
    val TEXT;
    more RECORD;
    flow_vals TEXT[];
BEGIN
    LOOP
        IF rest = '' THEN
            line_no := line_no + 1;
            line := lines[line_no];
            EXIT WHEN line IS NULL;
            rest := ltrim(line, ' ');
            CONTINUE WHEN rest = '';
            first := left(rest, 1);
            IF first = '#' THEN
                rest := '';
                CONTINUE;
            END IF;
            col := length(line) - length(rest);
            may_nest := TRUE;
            node_col := -1;
            IF first = E'\t' THEN   -- blanks, but no indentation: s-indent [63] is of spaces
                rest := ltrim(rest, E' \t');
                may_nest := FALSE;
                IF rest = '' OR left(rest, 1) = '#' THEN
                    rest := '';
                    CONTINUE;
                END IF;
            ELSIF col = 0 AND first IN ('-', '.', '%') THEN
                kind := CASE
                    WHEN first = '%' AND NOT in_document THEN '%'
                    WHEN line ~ '^---(?:[ \t]|$)' THEN 'D'
                    WHEN line ~ '^\.\.\.(?:[ \t]|$)' THEN 'E' END;
                IF kind IS NOT NULL THEN
                    in_document := kind = 'D';
                    n := n + 1;
                    kinds[n] := kind;
                    vals[n] := CASE kind WHEN '%' THEN line END;
                    line_nos[n] := line_no;
                    cols[n] := 0;
                    depth := 1;
                    parent := -1;
                    rest := CASE kind WHEN '%' THEN '' ELSE ltrim(substr(line, 4), E' \t') END;
                    col := length(line) - length(rest);
                    may_nest := FALSE;
                    IF left(rest, 1) = '#' THEN
                        rest := '';
                    ELSIF kind = 'E' AND rest <> '' THEN
                        PERFORM yaml.fail('YA001', line_no, col, 'text follows the document end "..."',
                            'the end of the line');
                    END IF;
                    CONTINUE;
                END IF;
            END IF;
            in_document := TRUE;
            WHILE parent > col LOOP
                depth := depth - 1;
                parent := indents[depth];
            END LOOP;
        END IF;

        -- one token; its branch leaves what follows it on the line in tail
        first := left(rest, 1);
        n := n + 1;
        line_nos[n] := line_no;
        cols[n] := col;
        is_key := FALSE;
        IF strpos('-?:,[]{}#&*!|>''"%@`', first) = 0
            OR strpos('-?:', first) > 0 AND substr(rest, 2, 1) NOT IN ('', ' ', E'\t') THEN
            -- ns-plain(n,block-key) [131]; yaml.plain_on_line(), without the price of a call
            val := substring(
                rest FROM
                '^(?:[^ \t#:]|[^ \t#][^ \t]*[^ \t:])?'
                '(?:[ \t]+(?:[^ \t#:]|[^ \t#][^ \t]*[^ \t:]))*(?:[ \t]*:+)?');
            tail := substr(rest, length(val) + 1);
            is_key := right(val, 1) = ':';
            IF is_key THEN
                kinds[n] := 'K';
                vals[n] := rtrim(left(val, -1), E' \t');
            ELSE
                kinds[n] := 'p';
                IF ltrim(left(lines[line_no + 1], parent + 1), ' ') = ''
                    AND ltrim(tail, E' \t') = '' THEN
                    more := yaml.scan_plain(lines, line_no, val, parent, FALSE);
                    val := more.val;
                    line_no := more.line_no;
                    tail := more.tail;
                END IF;
                vals[n] := val;
                may_nest := FALSE;
            END IF;
        ELSIF first IN ('-', '?', ':') THEN
            IF first = ':' AND node_col >= 0 THEN
                PERFORM yaml.fail('YA002', line_no, col, 'an empty key: JSON has only texts as keys', 'a key');
            ELSIF NOT may_nest OR node_col >= 0 THEN
                PERFORM yaml.fail('YA001', line_no, col, format('"%s" cannot stand here', first),
                    'a block collection to start on its own line, indented by spaces');
            END IF;
            kinds[n] := first;
            vals[n] := NULL;
            IF col > parent THEN
                depth := depth + 1;
                indents[depth] := col;
                parent := col;
                IF depth > max_depth + 1 THEN
                    PERFORM yaml.fail('YA005', line_no, col, format('more than %s levels of nesting', max_depth));
                END IF;
            END IF;
            tail := substr(rest, 2);
            may_nest := ltrim(tail, ' ') = ltrim(tail, E' \t');
        ELSIF first IN ('"', '''') THEN
            kinds[n] := 'q';
            val := CASE first WHEN '"' THEN substring(rest FROM '^"[^"\\]*"')
                ELSE substring(rest FROM '^''[^'']*''') END;
            tail := substr(rest, length(val) + 1);
            IF val IS NULL OR left(tail, 1) = '''' THEN
                more := yaml.scan_quoted(lines, line_no, rest, parent);
                val := more.val;
                tail := more.rest;
                is_key := more.line_no = line_no AND tail ~ '^[ \t]*:(?:[ \t]|$)';
                line_no := more.line_no;
            ELSE
                val := substr(val, 2, length(val) - 2);
                is_key := tail <> '' AND tail ~ '^[ \t]*:(?:[ \t]|$)';
            END IF;
            vals[n] := val;
            IF is_key THEN
                kinds[n] := 'Q';
                tail := substr(tail, strpos(tail, ':') + 1);
            ELSE
                may_nest := FALSE;
            END IF;
        ELSIF first IN ('[', '{') THEN
            more := yaml.scan_flow(lines, line_no, rest, parent);
            flow_vals := more.vals;   -- the field of a record is searched from its start each time
            FOR i IN 1..cardinality(more.kinds) LOOP
                kinds[n] := more.kinds[i];
                vals[n] := flow_vals[i];
                line_nos[n] := more.line_nos[i];
                cols[n] := more.cols[i];
                n := n + 1;
            END LOOP;
            n := n - 1;
            line_no := more.line_no;
            tail := more.rest;
            may_nest := FALSE;
        ELSIF first IN ('|', '>') THEN
            more := yaml.scan_block_scalar(lines, line_no, rest, parent);
            kinds[n] := 'b';
            vals[n] := more.val;
            line_no := more.line_no;
            tail := '';
        ELSIF first IN ('&', '*', '!') THEN
            kinds[n] := first;
            val := substring(rest FROM '^(?:[&*][^ \t,\[\]{}]+|!<[^ \t>]*>|![^ \t,\[\]{}]*)');
            vals[n] := val;
            tail := substr(rest, length(val) + 1);
            IF kinds[n - 1] IN ('&', '!') AND kinds[n - 2] IN ('&', '!') AND line_nos[n - 2] = line_no THEN
                PERFORM yaml.fail('YA001', line_no, col, 'a second anchor or tag for the same node', 'the node');
            ELSIF val IS NULL OR left(tail, 1) NOT IN ('', ' ', E'\t') THEN
                PERFORM yaml.fail('YA001', line_no, col,
                    CASE first WHEN '!' THEN 'malformed tag' ELSE 'malformed anchor or alias' END,
                    'a name without , [ ] { }, then a space');
            END IF;
            is_key := first = '*' AND tail ~ '^[ \t]*:(?:[ \t]|$)';
            IF is_key THEN
                kinds[n] := 'A';
                tail := substr(tail, strpos(tail, ':') + 1);
            ELSIF first = '*' THEN
                may_nest := FALSE;
            ELSIF node_col < 0 THEN
                node_col := col;
            END IF;
        ELSE
            PERFORM yaml.fail('YA001', line_no, col, format('"%s" cannot start a value', first),
                'a value, or quotes around it');
        END IF;

        IF is_key THEN
            IF NOT may_nest THEN
                PERFORM yaml.fail('YA001', line_no, col, 'a mapping cannot start here',
                    'a key at the start of a line, or quotes around a text with ": "');
            ELSIF node_col >= 0 THEN   -- an anchor or tag belongs to the key: the mapping starts there
                col := node_col;
                cols[n] := col;
                node_col := -1;
            END IF;
            IF col > parent THEN
                depth := depth + 1;
                indents[depth] := col;
                parent := col;
            END IF;
            may_nest := FALSE;
        END IF;
        rest := ltrim(tail, E' \t');
        IF rest <> '' THEN
            line := lines[line_no];
            col := length(line) - length(rest);
            IF left(rest, 1) = '#' THEN
                IF left(tail, 1) = '#' THEN
                    PERFORM yaml.fail('YA001', line_no, col, 'a comment follows without a space',
                        'a space before #');
                END IF;
                rest := '';
            ELSIF left(rest, 1) = ':' AND kinds[n] IN (']', '}') THEN
                PERFORM yaml.fail('YA002', line_no, col, 'a collection as key: JSON has only texts as keys', 'a text');
            ELSIF left(rest, 1) = ':' AND kinds[n] = 'q' THEN
                PERFORM yaml.fail('YA001', line_no, col, 'a key must be on one line', 'the end of the line');
            ELSIF kinds[n] IN ('p', 'q', '*', ']', '}') THEN
                PERFORM yaml.fail('YA001', line_no, col, 'text follows a value', 'the end of the line');
            END IF;
        END IF;
    END LOOP;
END;
$$;
COMMENT ON FUNCTION yaml.scan(TEXT[]) IS
'The tokens of the lines of a YAML stream, c-printable lines to ns-plain [131], c-flow-json-node [160] and block indicators. Knows of the structure only the columns of the open block collections, which end multi-line scalars. YA001, YA002.';

ALTER SCHEMA yaml OWNER TO pipeline_owner;
ALTER FUNCTION yaml.fail(TEXT, INTEGER, INTEGER, TEXT, TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.lines(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.code_point(TEXT, INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.unescape(TEXT, INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_quoted(TEXT[], INTEGER, TEXT, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.plain_on_line(TEXT, BOOLEAN) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_plain(TEXT[], INTEGER, TEXT, INTEGER, BOOLEAN) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_block_scalar(TEXT[], INTEGER, TEXT, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_flow(TEXT[], INTEGER, TEXT, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan(TEXT[]) OWNER TO pipeline_owner;
