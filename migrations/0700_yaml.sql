-- YAML 1.2 in plain PL/pgSQL, part 1 of 4: characters, lines and scalars.
-- Production numbers in brackets are those of the YAML 1.2.2 specification.
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
    IF strpos(body, chr(65279)) > 0 THEN   -- l-document-prefix [202]
        body := regexp_replace(body, '(\n\.\.\.[^\n]*\n)\ufeff|(\n)\ufeff(?=---(?:[ \t\n]|$))', '\1\2', 'g');
    END IF;
    bad := substring(body FROM '[\x01-\x08\x0b\x0c\x0e-\x1f]');
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

CREATE FUNCTION yaml.check_printable(
    source TEXT, kinds "char"[], vals TEXT[], line_nos INTEGER[], cols INTEGER[]
) RETURNS VOID
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    special CONSTANT TEXT := '[\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]';
    token RECORD;
BEGIN
    IF source !~ special THEN
        RETURN;
    END IF;
    SELECT t.line_no, t.col, substring(t.val FROM special) AS bad INTO token
    FROM unnest(kinds, vals, line_nos, cols) AS t (kind, val, line_no, col)
    WHERE t.kind NOT IN ('q', 'Q') AND t.val ~ special
    LIMIT 1;
    IF FOUND THEN
        PERFORM yaml.fail('YA001', token.line_no, token.col, format(
            'the character U+%s is not allowed outside quotes', upper(lpad(to_hex(ascii(token.bad)), 4, '0'))),
            'printable text, or double quotes around it');
    END IF;
END;
$$;
COMMENT ON FUNCTION yaml.check_printable(TEXT, "char"[], TEXT[], INTEGER[], INTEGER[]) IS
'YA001 if a token that is not quoted has a character that is not printable, c-printable [1]; in quotes nb-json [2] allows it.';

CREATE FUNCTION yaml.indent_of(line TEXT) RETURNS INTEGER
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN length(line) - length(ltrim(line, ' '));
COMMENT ON FUNCTION yaml.indent_of(TEXT) IS
'The number of spaces that a line starts with, s-indent(n) [63].';

CREATE FUNCTION yaml.is_forbidden(line TEXT) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN line ~ '^(?:---|\.\.\.)(?:[ \t]|$)';
COMMENT ON FUNCTION yaml.is_forbidden(TEXT) IS
'Whether a line starts with a document marker, which ends every scalar, c-forbidden [206].';

CREATE FUNCTION yaml.is_value_indicator(tail TEXT) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN tail ~ '^[ \t]*:(?:[ \t]|$)';
COMMENT ON FUNCTION yaml.is_value_indicator(TEXT) IS
'Whether what follows a quoted text or alias makes it a key, c-l-block-map-implicit-value [194].';

CREATE FUNCTION yaml.code_point(
    digits TEXT, width INTEGER, line_no INTEGER, col INTEGER
) RETURNS INTEGER
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    code BIGINT;
BEGIN
    IF digits !~ '^[0-9a-fA-F]+$' OR length(digits) <> width THEN
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
COMMENT ON FUNCTION yaml.code_point(TEXT, INTEGER, INTEGER, INTEGER) IS
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
            PERFORM yaml.code_point('00', 2, line_no, col);
        ELSIF digits > 0 THEN
            code := yaml.code_point(substr(part, 2, digits), digits, line_no, col);
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
        IF line IS NULL OR yaml.is_forbidden(line) THEN
            PERFORM yaml.fail('YA001', start_line, start_col,
                'the quoted scalar that starts here does not end', 'a closing ' || quote);
        END IF;
        rest := ltrim(line, E' \t');
        IF rest <> '' AND yaml.indent_of(line) <= parent THEN
            PERFORM yaml.fail('YA001', line_no, 0, format(
                'the line is inside the quotes that open on line %s, column %s', start_line, start_col + 1),
                format('a closing %s before it, or %s spaces at its start', quote, parent + 1));
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
    )
    -- a pattern costs more: not for a line without comment and tab
    WHEN strpos(rest, '#') = 0 AND strpos(rest, E'\t') = 0 THEN CASE strpos(rest, ': ')
        WHEN 0 THEN rtrim(rest, ' ') ELSE left(rest, strpos(rest, ': ')) END
    ELSE substring(
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
            OR yaml.indent_of(line) <= parent
            OR yaml.is_forbidden(line);
        chunk := yaml.plain_on_line(rest, in_flow);
        IF right(chunk, 1) = ':' AND NOT in_flow THEN
            PERFORM yaml.fail(
                'YA001', ahead, length(line) - length(rest) + length(chunk) - 1,
                'a key must be on one line, and this line continues the scalar before it',
                'a ":" on the line before, no ": " on this one, or less indentation');
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

CREATE FUNCTION yaml.refuse_tab_after_block(lines TEXT[], line_no INTEGER) RETURNS VOID
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    ahead INTEGER := line_no;
BEGIN
    WHILE left(ltrim(lines[ahead], E' \t'), 1) IN ('', '#') LOOP
        ahead := ahead + 1;
    END LOOP;
    IF NOT yaml.is_forbidden(lines[ahead]) THEN
        PERFORM yaml.fail('YA001', line_no, strpos(lines[line_no], E'\t') - 1,
            'a tab cannot end a block scalar and is no indentation', 'spaces');
    END IF;
END;
$$;
COMMENT ON FUNCTION yaml.refuse_tab_after_block(TEXT[], INTEGER) IS
'YA001 if content of the same document follows the given line, which ends a block scalar and starts with a tab: neither l-empty [70] nor l-trail-comments [169] allow it.';

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
                breaks := breaks + CASE WHEN lines[line_no + 2] IS NULL
                    AND (line = '' OR breaks > 0 OR parts <> '{}') THEN 0 ELSE 1 END;
                line_no := line_no + 1;
                CONTINUE;
            END IF;
        ELSE
            IF indent IS NULL THEN
                indent := greatest(yaml.indent_of(line), parent + 1);
                IF deepest_blank > indent THEN
                    PERFORM yaml.fail('YA001', line_no + 1, indent,
                        'an empty line before this one has more spaces than this line',
                        'the first line of text to be the least indented');
                END IF;
            END IF;
            EXIT WHEN yaml.indent_of(line) < indent
                OR (indent = 0 AND yaml.is_forbidden(line));
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
    IF strpos(line, E'\t') > 0 AND left(ltrim(line, ' '), 1) = E'\t' THEN
        PERFORM yaml.refuse_tab_after_block(lines, line_no + 1);
    END IF;
    val := array_to_string(parts, '') || CASE
        -- a text that ends inside the last line has no line break to keep [165]
        WHEN chomp = '-' OR line IS NULL AND ltrim(lines[line_no], ' ') <> '' THEN ''
        WHEN chomp = '+' THEN repeat(E'\n', breaks + CASE WHEN parts = '{}' THEN 0 ELSE 1 END)
        WHEN parts = '{}' THEN '' ELSE E'\n' END;
END;
$$;
COMMENT ON FUNCTION yaml.scan_block_scalar(TEXT[], INTEGER, TEXT, INTEGER) IS
'Reads the block scalar whose header is given, c-l+literal [170] or c-l+folded [174], with chomping [165] and indentation indicators [163]. Returns its value and its last line. YA001.';

ALTER SCHEMA yaml OWNER TO pipeline_owner;
ALTER FUNCTION yaml.fail(TEXT, INTEGER, INTEGER, TEXT, TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.lines(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.indent_of(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.is_forbidden(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.is_value_indicator(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.code_point(TEXT, INTEGER, INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.unescape(TEXT, INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_quoted(TEXT[], INTEGER, TEXT, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.plain_on_line(TEXT, BOOLEAN) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_plain(TEXT[], INTEGER, TEXT, INTEGER, BOOLEAN) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.refuse_tab_after_block(TEXT[], INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_block_scalar(TEXT[], INTEGER, TEXT, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.check_printable(TEXT, "char"[], TEXT[], INTEGER[], INTEGER[])
OWNER TO pipeline_owner;

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

-- YAML 1.2 in plain PL/pgSQL, part 3 of 4: the parser, tokens -> events.
--
-- An event is a kind (one character) and the number of the token that it comes from:
--   %  directive          D  start of a document
--   [ ] { }  collection   K Q A n  key: plain, quoted, alias, empty
--   p q *    scalar or alias as value      N  empty node      & !  anchor, tag of what follows
-- The parser checks all structure: what it returns is well nested, and every key has one value.

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

ALTER FUNCTION yaml.refuse_flow("char", "char", "char", "char", INTEGER, INTEGER)
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.starts_pair("char"[], INTEGER[], INTEGER[], INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.parse_flow("char"[], INTEGER[], INTEGER[], INTEGER, INTEGER)
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.read_properties("char"[], INTEGER[], INTEGER[], INTEGER)
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.refuse_block("char", "char", INTEGER, "char", BOOLEAN, INTEGER, INTEGER)
OWNER TO pipeline_owner;
ALTER FUNCTION yaml.parse("char"[], INTEGER[], INTEGER[]) OWNER TO pipeline_owner;

-- YAML 1.2 in plain PL/pgSQL, part 4 of 4: the composer, events -> JSON text. Here what it needs:
-- the core schema, tags, directives and merge keys.

CREATE FUNCTION yaml.core_number(val TEXT, line_no INTEGER, col INTEGER) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    max_whole CONSTANT INTEGER := 131072;      -- digits that type numeric has before the point
    max_fraction CONSTANT INTEGER := 16383;    -- and after it
    mantissa CONSTANT TEXT := substring(val FROM '[0-9.]+');
    exponent CONSTANT TEXT := coalesce(substring(val FROM '[eE]\+?(-?[0-9]+)$'), '0');
BEGIN
    IF length(exponent) > 9
        OR length(ltrim(split_part(mantissa, '.', 1), '0')) + exponent::INTEGER > max_whole
        OR length(split_part(mantissa, '.', 2)) - exponent::INTEGER > max_fraction THEN
        PERFORM yaml.fail('YA002', line_no, col, 'the number is too large or too small for type numeric',
            format('at most %s digits before the point and %s after it', max_whole, max_fraction));
    END IF;
    RETURN val::NUMERIC::TEXT;
END;
$$;
COMMENT ON FUNCTION yaml.core_number(TEXT, INTEGER, INTEGER) IS
'A decimal number digit for digit, its exponent written out. YA002 beyond what type numeric can hold, found before it is written out.';

CREATE FUNCTION yaml.core_scalar(val TEXT, line_no INTEGER, col INTEGER) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    magnitude NUMERIC := 0;
BEGIN
    CASE
        WHEN val ~ '^-?(?:0|[1-9][0-9]*)$' AND length(val) < 1000 THEN
            RETURN val;
        WHEN val IN ('', '~', 'null', 'Null', 'NULL') THEN
            RETURN 'null';
        WHEN val IN ('true', 'True', 'TRUE') THEN
            RETURN 'true';
        WHEN val IN ('false', 'False', 'FALSE') THEN
            RETURN 'false';
        WHEN val ~ '^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$' THEN
            RETURN yaml.core_number(val, line_no, col);
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
'The JSON text of a plain scalar by the core schema (YAML 1.2.2, 10.3.2). YA002 for .inf, .nan and numbers beyond those of type numeric.';

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
    IF tag = '!' THEN
        RETURN '!';                       -- the non-specific tag [100]
    ELSIF left(tag, 2) = '!<' THEN        -- c-verbatim-tag [98]
        IF tag !~ '^!<(?:!(?:%[0-9A-Fa-f]{2}|[^]\x01- "!%,<>[\\^`{|}\x7f-\U0010ffff])+'
            '|[A-Za-z][0-9A-Za-z+.-]*:(?:%[0-9A-Fa-f]{2}|[^\x01- "%<>\\^`{|}\x7f-\U0010ffff])*)>$' THEN
            PERFORM yaml.fail('YA001', line_no, col, 'malformed verbatim tag', '!<scheme:name> or !<!name>');
        END IF;
        RETURN substr(tag, 3, length(tag) - 3);
    ELSIF suffix !~ '^(?:%[0-9A-Fa-f]{2}|[^]\x01- "!%,<>[\\^`{|}\x7f-\U0010ffff])+$' THEN   -- ns-tag-char [40]
        PERFORM yaml.fail('YA001', line_no, col, 'malformed tag',
            format('a name after %s; %%XX for a character that no URI may have', handle));
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

CREATE FUNCTION yaml.read_directive(line TEXT, line_no INTEGER, directives TEXT[]) RETURNS TEXT[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    max_directives CONSTANT INTEGER := 100;
    tag TEXT;
BEGIN
    IF cardinality(directives) >= max_directives THEN
        PERFORM yaml.fail('YA005', line_no, 0, format('more than %s directives for one document', max_directives));
    ELSIF line ~ '^%YAML(?:[ \t]|$)' THEN
        IF '%YAML' = ANY(directives) OR line !~ '^%YAML[ \t]+1\.[0-9]+(?:[ \t]+#.*|[ \t]*)$' THEN
            PERFORM yaml.fail('YA001', line_no, 0, 'malformed or repeated %YAML directive', '%YAML 1.2');
        END IF;
        RETURN directives || '%YAML'::TEXT;
    ELSIF line ~ '^%TAG(?:[ \t]|$)' THEN
        tag := regexp_replace(
            substring(line FROM '^%TAG[ \t]+(!(?:[0-9A-Za-z-]*!)?[ \t]+[^ \t,\[\]{}][^ \t]*)(?:[ \t]+#.*|[ \t]*)$'),
            '[ \t]+', ' ');
        IF tag IS NULL OR EXISTS (
            SELECT FROM unnest(directives) AS d WHERE split_part(d, ' ', 1) = split_part(tag, ' ', 1)
        ) THEN
            PERFORM yaml.fail('YA001', line_no, 0, 'malformed or repeated %TAG directive', '%TAG !handle! prefix');
        END IF;
        RETURN directives || tag;
    END IF;
    RETURN directives;   -- ns-reserved-directive [83]
END;
$$;
COMMENT ON FUNCTION yaml.read_directive(TEXT, INTEGER, TEXT[]) IS
'The directives of a document and one more: "%YAML" for ns-yaml-directive [86], "handle prefix" for ns-tag-directive [88]; others are ignored. YA001 if malformed or there already, YA005 beyond 100 of them.';

CREATE FUNCTION yaml.tagged_scalar(
    tag TEXT, val TEXT, is_plain BOOLEAN, line_no INTEGER, col INTEGER
) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    name TEXT := substring(tag FROM '^tag:yaml\.org,2002:(str|int|float|bool|null|seq|map)$');
    json TEXT;
BEGIN
    IF name = 'str' OR tag = '!' OR name IS NULL AND NOT is_plain THEN   -- "!": no guessing
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

CREATE FUNCTION yaml.check_collection_tag(
    tag TEXT, kind "char", line_no INTEGER, col INTEGER
) RETURNS VOID
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    IF tag ~ '^tag:yaml\.org,2002:(?:str|int|float|bool|null|seq|map)$'
        AND tag <> 'tag:yaml.org,2002:' || (CASE kind WHEN '{' THEN 'map' ELSE 'seq' END) THEN
        PERFORM yaml.fail('YA001', line_no, col, format('tag <%s> on a collection', tag), 'a fitting tag, or none');
    END IF;
END;
$$;
COMMENT ON FUNCTION yaml.check_collection_tag(TEXT, "char", INTEGER, INTEGER) IS
'YA001 if the tag is one of the core schema for something else than this collection.';

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

ALTER FUNCTION yaml.core_number(TEXT, INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.core_scalar(TEXT, INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.resolve_tag(TEXT, TEXT[], INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.read_directive(TEXT, INTEGER, TEXT[]) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.tagged_scalar(TEXT, TEXT, BOOLEAN, INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.check_collection_tag(TEXT, "char", INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.merge(TEXT, INTEGER, INTEGER) OWNER TO pipeline_owner;

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

-- JSON -> YAML text that YAML 1.2 and 1.1 readers take for the same value. Internally of type
-- json, which keeps the order of keys.

CREATE FUNCTION yaml.quoted(val TEXT) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    -- line breaks to YAML 1.1, or not printable [1]; JSON escapes the other control characters
    special CONSTANT TEXT := '[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]';
    json TEXT := to_json(val)::TEXT;
    found TEXT;
BEGIN
    LOOP
        found := substring(json FROM special);
        EXIT WHEN found IS NULL;
        json := replace(json, found, '\u' || lpad(to_hex(ascii(found)), 4, '0'));
    END LOOP;
    RETURN json;
END;
$$;
COMMENT ON FUNCTION yaml.quoted(TEXT) IS
'A text as double-quoted YAML scalar on one line, which is also its JSON.';

CREATE FUNCTION yaml.is_plain(val TEXT) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT
        -- ns-plain(n,block-key) [131] that starts no document marker, without tabs
        val ~ '^(?:[^] \t,[{}#&*!|>''"%@`?:-]|[?:-][^ \t])'
        AND val !~ '[ :]$|: | #|^---|^\.\.\.|[\x01-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]'
        -- no null, boolean, number, date, merge or value key of YAML 1.2 or 1.1
        AND val !~* '^(?:~|null|true|false|yes|no|on|off|y|n|<<|=|[-+]?\.inf|\.nan)$'
        AND val !~* (
            '^[-+]?(?:0b[01_]+|0o[0-7]+|0x[0-9a-f_]+|[0-9][0-9_]*(?::[0-5]?[0-9])*(?:\.[0-9_]*)?'
            '|(?:[0-9][0-9_]*)?\.[0-9._]*(?:e[-+]?[0-9]+)?|[0-9]+e[-+]?[0-9]+)$'
        )
        AND val !~ '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?$';
END;
COMMENT ON FUNCTION yaml.is_plain(TEXT) IS
'Whether every YAML 1.2 and 1.1 reader takes the unquoted text for this same text.';

CREATE FUNCTION yaml.emit_text(val TEXT, indent INTEGER) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    IF strpos(val, E'\n') = 0 THEN
        RETURN CASE WHEN yaml.is_plain(val) THEN val ELSE yaml.quoted(val) END;
    ELSIF val ~ '[\x01-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|[ \t]$'
        OR val !~ '[^ \t\n]' THEN
        RETURN yaml.quoted(val);   -- what a literal block cannot hold, or the eye cannot see
    END IF;
    -- c-l+literal(n) [170] with the indicators it needs
    RETURN '|' || CASE WHEN val ~ '^\n*[ \t]|^\n' THEN '2' ELSE '' END
        || CASE WHEN right(val, 2) = E'\n\n' THEN '+' WHEN right(val, 1) = E'\n' THEN '' ELSE '-' END
        || E'\n' || regexp_replace(
            CASE WHEN right(val, 1) = E'\n' THEN left(val, -1) ELSE val END,
            '^(?=[^\n])', repeat(' ', indent + 2), 'gn');
END;
$$;
COMMENT ON FUNCTION yaml.emit_text(TEXT, INTEGER) IS
'A text as YAML scalar whose collection is at column indent: plain, literal block or double-quoted. The last line break is left to the caller.';

CREATE FUNCTION yaml.emit(node JSON, indent INTEGER, level INTEGER) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    max_depth CONSTANT INTEGER := 200;
    pad CONSTANT TEXT := repeat(' ', indent);
    lines TEXT[] := '{}';
    n INTEGER := 0;
    item RECORD;
    key TEXT;
    val TEXT;
    is_nested BOOLEAN;
    is_mapping CONSTANT BOOLEAN := json_typeof(node) = 'object';
BEGIN
    IF level > max_depth THEN
        RAISE EXCEPTION USING ERRCODE = 'YA005', MESSAGE = format('more than %s levels of nesting', max_depth);
    END IF;
    FOR item IN
        SELECT m.key, m.value FROM json_each(CASE WHEN is_mapping THEN node END) AS m
        UNION ALL
        SELECT NULL, e.value FROM json_array_elements(CASE WHEN NOT is_mapping THEN node END) AS e
    LOOP
        CASE json_typeof(item.value)
            WHEN 'object' THEN
                is_nested := EXISTS (SELECT FROM json_object_keys(item.value));
                val := '{}';
            WHEN 'array' THEN
                is_nested := json_array_length(item.value) > 0;
                val := '[]';
            WHEN 'string' THEN
                is_nested := FALSE;
                val := yaml.emit_text(item.value #>> '{}', indent);
            ELSE
                is_nested := FALSE;
                val := item.value::TEXT;
        END CASE;
        IF is_nested THEN
            val := yaml.emit(item.value, indent + 2, level + 1);
        END IF;
        n := n + 1;
        IF is_mapping THEN
            key := CASE WHEN yaml.is_plain(item.key) THEN item.key ELSE yaml.quoted(item.key) END;
            IF length(key) > 1000 THEN   -- an implicit key has at most 1024 characters [154]
                key := '? ' || key || E'\n' || pad;
            END IF;
            lines[n] := pad || key || ':' || CASE WHEN is_nested THEN E'\n' ELSE ' ' END || val;
        ELSE
            lines[n] := pad || '- ' || CASE WHEN is_nested THEN substr(val, indent + 3) ELSE val END;
        END IF;
    END LOOP;
    RETURN array_to_string(lines, E'\n');
END;
$$;
COMMENT ON FUNCTION yaml.emit(JSON, INTEGER, INTEGER) IS
'A JSON object or array that is not empty as block mapping or block sequence at column indent, keys in their order; level is its depth. YA005 beyond 200.';

CREATE FUNCTION yaml.emit_document(node JSON) RETURNS TEXT
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
        WHEN json_typeof(node) = 'string' THEN yaml.emit_text(node #>> '{}', 0)
        WHEN regexp_replace(left(node::TEXT, 100), '\s', '', 'g') IN ('{}', '[]')
            THEN regexp_replace(node::TEXT, '\s', '', 'g')
        WHEN json_typeof(node) IN ('object', 'array') THEN yaml.emit(node, 0, 1)
        ELSE node::TEXT
    END || E'\n';
END;
COMMENT ON FUNCTION yaml.emit_document(JSON) IS
'A JSON value as YAML document, keys in their order. YA005 beyond 200 levels.';

CREATE FUNCTION to_yaml(value JSONB) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN yaml.emit_document(value::JSON);
END;
$$;
COMMENT ON FUNCTION to_yaml(JSONB) IS
'The value as YAML: block style, literal blocks for texts of several lines, double quotes where a YAML 1.2 or 1.1 reader would take a plain text for something else. parse_yaml(to_yaml(v)) = v. Keys in the order of jsonb.
SQLSTATE: YA005 beyond 200 levels of nesting.';

ALTER FUNCTION yaml.quoted(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.is_plain(TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.emit_text(TEXT, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.emit(JSON, INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.emit_document(JSON) OWNER TO pipeline_owner;
ALTER FUNCTION to_yaml(JSONB) OWNER TO pipeline_owner;
