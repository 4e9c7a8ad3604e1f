-- JSON -> YAML text that YAML 1.2 and 1.1 readers take for the same value. Internally of type
-- json, which keeps the order of keys.
--
-- depends: 0720_yaml_composer

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
