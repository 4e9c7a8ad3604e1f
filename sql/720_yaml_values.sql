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
