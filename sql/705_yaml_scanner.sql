-- YAML 1.2 in plain PL/pgSQL, part 2 of 4: the scanner, lines -> tokens.
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

ALTER FUNCTION yaml.refuse_tab_after_block(TEXT[], INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_block_scalar(TEXT[], INTEGER, TEXT, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_node(TEXT[], INTEGER, TEXT, INTEGER, TEXT) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan_line_start(TEXT, INTEGER, "char") OWNER TO pipeline_owner;
ALTER FUNCTION yaml.refuse_here(TEXT, INTEGER, INTEGER, "char") OWNER TO pipeline_owner;
ALTER FUNCTION yaml.refuse_start("char", TEXT, INTEGER, INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.scan(TEXT[]) OWNER TO pipeline_owner;
