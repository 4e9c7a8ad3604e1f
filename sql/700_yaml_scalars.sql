-- YAML 1.2 in plain PL/pgSQL, part 1 of 4: characters, lines, plain and quoted
-- scalars.
-- Production numbers in brackets are those of the YAML 1.2.2 specification.

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
ALTER FUNCTION yaml.check_printable(TEXT, "char"[], TEXT[], INTEGER[], INTEGER[])
OWNER TO pipeline_owner;
