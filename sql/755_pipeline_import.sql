-- Pipelines as YAML: import, and the migration of version 1. Everything runs as the caller, under
-- row security, and in the caller's transaction: the whole file or nothing.

CREATE FUNCTION yaml.read_pipeline(
    source TEXT, from_v1 BOOLEAN,
    OUT document JSON, OUT shape TEXT, OUT path TEXT[], OUT workflow JSON, OUT changes TEXT[]
)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    documents TEXT[] := yaml.documents(coalesce(source, ''));
BEGIN
    changes := '{}';
    IF cardinality(documents) <> 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'YA006',
            MESSAGE = format('the text holds %s documents', cardinality(documents)),
            DETAIL = 'Expected one document.';
    END IF;
    document := documents[1];
    shape := yaml.pipeline_shape(document);
    IF shape IS NULL THEN
        PERFORM yaml.fail_at('YP001', source, '{}', 'this is no pipeline',
            'a mapping with the key workflow, or with name and steps');
    END IF;
    path := CASE shape WHEN 'workflow' THEN '{workflow}' ELSE '{}' END;
    IF shape = 'pipeline' AND NOT from_v1 AND EXISTS (
        SELECT FROM json_object_keys(document -> 'pipeline') AS k
        WHERE k <> 'pipeline' AND document -> k IS NOT NULL
    ) THEN
        PERFORM yaml.fail_at('YP001', source, '{pipeline}', 'a key stands both below pipeline and beside it', 'it once');
    END IF;
    IF from_v1 THEN
        SELECT m.document, m.changes INTO document, changes FROM yaml.migrate_document(document) AS m;
        shape := 'workflow';
    END IF;
    workflow := CASE shape WHEN 'workflow' THEN document -> 'workflow' ELSE document END;
    -- pipelines.config holds below it what stands beside the workflow
    IF workflow -> '$root' IS NOT NULL OR (shape = 'pipeline' AND workflow #> '{pipeline,$root}' IS NOT NULL) THEN
        PERFORM yaml.fail_at('YP001', source,
            path || CASE WHEN workflow -> '$root' IS NULL THEN '{pipeline,$root}' ELSE '{$root}' END::TEXT[],
            'the key $root is taken', 'another key');
    END IF;
    IF json_typeof(workflow -> 'steps') IS DISTINCT FROM 'array' THEN
        PERFORM yaml.fail_at('YP001', source, path || 'steps'::TEXT, 'the pipeline has no list of steps', 'steps: with a list');
    END IF;
END;
$$;
COMMENT ON FUNCTION yaml.read_pipeline(TEXT, BOOLEAN) IS
'A pipeline file as JSON, migrated if it is of version 1: its layout, the path to the workflow in the source, the workflow, and what the migration changed. YP001 if it is no pipeline.';

CREATE FUNCTION yaml.check_steps(source TEXT, root TEXT[], workflow JSON, steps JSONB) RETURNS VOID
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    max_bytes CONSTANT INTEGER := 2000;   -- what fits a row of the index behind unique_step_name
    bad RECORD;
BEGIN
    FOR bad IN
        SELECT
            s.path, s.name, s.type,
            NOT EXISTS (SELECT FROM yaml.required_fields(s.type)) AS is_unknown,
            row_number() OVER (PARTITION BY s.name ORDER BY s.place) > 1 AS is_repeated
        FROM jsonb_to_recordset(steps) AS s (path TEXT[], place INTEGER[], name TEXT, type TEXT)
        ORDER BY s.place
    LOOP
        IF bad.name IS NULL AND json_typeof((workflow #> bad.path) -> 'name') <> 'null' THEN
            PERFORM yaml.fail_at('YP001', source, root || bad.path || 'name'::TEXT,
                'the step''s name is not a text', 'a text, in quotes where it looks like a number');
        ELSIF bad.name IS NULL OR bad.type IS NULL OR bad.name = '' THEN
            PERFORM yaml.fail_at('YP001', source, root || bad.path,
                format('%s has no %s', coalesce('step "' || nullif(bad.name, '') || '"', 'the step'),
                    CASE WHEN nullif(bad.name, '') IS NULL THEN 'name' ELSE 'type' END),
                'a mapping with name and type');
        ELSIF octet_length(bad.name) > max_bytes THEN
            PERFORM yaml.fail_at('YP001', source, root || bad.path || 'name'::TEXT,
                'the step''s name is too long', format('at most %s bytes', max_bytes));
        ELSIF bad.is_unknown THEN
            PERFORM yaml.fail_at('YP002', source, root || bad.path || 'type'::TEXT,
                format('step "%s" has the unknown type "%s"', bad.name, bad.type),
                'one of the types that the constraint valid_step_type lists');
        ELSIF bad.is_repeated THEN
            PERFORM yaml.fail_at('YP003', source, root || bad.path || 'name'::TEXT,
                format('a second step is named "%s"', bad.name),
                'names that are unique in the pipeline, over all levels');
        END IF;
    END LOOP;
END;
$$;
COMMENT ON FUNCTION yaml.check_steps(TEXT, TEXT[], JSON, JSONB) IS
'Refuses, with the place in the source, a step without name or type or with a name that is no text or too long (YP001), of an unknown type (YP002), or with the name of another (YP003). root leads to the workflow; steps are yaml.step_list() of it.';

CREATE FUNCTION yaml.import_findings(
    workflow JSON, steps JSONB, links JSONB, from_v1 BOOLEAN, is_strict BOOLEAN
) RETURNS TEXT[]
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    warnings TEXT[] := ARRAY(SELECT w FROM yaml.import_warnings(steps, links) AS w);
BEGIN
    IF from_v1 THEN
        warnings := ARRAY(SELECT w FROM yaml.v1_warnings(workflow, steps) AS w) || warnings;
    END IF;
    IF is_strict AND warnings <> '{}' THEN
        RAISE EXCEPTION USING ERRCODE = 'YP005',
            MESSAGE = format('%s findings', cardinality(warnings)),
            DETAIL = array_to_string(warnings, E'\n');
    END IF;
    RETURN warnings;
END;
$$;
COMMENT ON FUNCTION yaml.import_findings(JSON, JSONB, JSONB, BOOLEAN, BOOLEAN) IS
'What is to be said of a file that can be imported; YP005 if there is anything and is_strict.';

CREATE FUNCTION import_pipeline(
    yaml_content TEXT,
    team_id UUID DEFAULT NULL,
    pipeline_id UUID DEFAULT NULL,
    from_v1 BOOLEAN DEFAULT FALSE,
    is_strict BOOLEAN DEFAULT FALSE
) RETURNS JSONB
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    file RECORD := yaml.read_pipeline(yaml_content, from_v1);
    steps JSONB := yaml.step_list(file.workflow);
    links JSONB;
    warnings TEXT[];
    fields RECORD;
    stored RECORD;
    old_links JSONB;
    written INTEGER;
    version INTEGER;
BEGIN
    PERFORM yaml.check_steps(yaml_content, file.path, file.workflow, steps);
    fields := yaml.pipeline_row(file.document, file.shape);
    IF coalesce(fields.name, '') = '' THEN
        PERFORM yaml.fail_at('YP001', yaml_content, file.path || 'name'::TEXT, 'the pipeline has no name', 'name: with a text');
    END IF;
    links := yaml.link_list(steps);
    warnings := yaml.import_findings(file.workflow, steps, links, from_v1, is_strict);

    stored := yaml.store_pipeline(yaml_content, file.path, fields, from_v1, team_id, pipeline_id);
    -- read before the steps are stored
    file.changes := file.changes || yaml.removed_steps(stored.target, steps);
    old_links := yaml.stored_links(stored.target, steps);
    written := stored.is_changed::INTEGER + yaml.store_steps(stored.target, steps);
    written := written + yaml.store_connections(stored.target, old_links, links);
    IF written > 0 THEN
        version := public.create_pipeline_version(stored.target, array_to_string(
            ARRAY[CASE WHEN from_v1 THEN 'Migrated from YAML version 1' ELSE 'Imported from YAML' END]
            || file.changes || warnings, E'\n'));
    END IF;
    RETURN jsonb_build_object(
        'pipeline_id', stored.target, 'name', fields.name,
        'status', CASE WHEN pipeline_id IS NULL THEN 'created' WHEN written > 0 THEN 'updated' ELSE 'unchanged' END,
        'version_number', version, 'steps', jsonb_array_length(steps),
        'connections', (SELECT count(*) FROM public.connections AS c WHERE c.pipeline_id = stored.target),
        'changes', to_jsonb(file.changes), 'warnings', to_jsonb(warnings));
END;
$$;
COMMENT ON FUNCTION import_pipeline(TEXT, UUID, UUID, BOOLEAN, BOOLEAN) IS
'Stores a pipeline file and returns a report: {pipeline_id, name, status, version_number, steps, connections, changes (what version 1 said otherwise, steps removed), warnings}, also kept as change_summary of the version it makes. status: created, updated, or unchanged, when the file says what is stored already: no row is written then, no version made, and version_number is null.
team_id: NULL, the only team the caller can write in. pipeline_id: NULL, a new pipeline; else that one is brought to the state of the file: its steps keep their ids, comments and places by name, and a step that the file no longer has goes with its comments. from_v1: the file is of version 1. is_strict: warnings are errors.
Runs as the caller, under row security. SQLSTATE: those of parse_yaml(text);
YP001 no pipeline, or a step without name or type, or too long a name; YP002 an unknown step type; YP003 two steps of one name;
YP004 no team named and not exactly one to choose; YP005 strict and there are findings; 42501 the caller may not write there.';

CREATE FUNCTION import_pipeline_yaml(
    yaml_content TEXT, team_id UUID DEFAULT NULL, pipeline_id UUID DEFAULT NULL
) RETURNS UUID
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (public.import_pipeline(yaml_content, team_id, pipeline_id) ->> 'pipeline_id')::UUID;
$$;
COMMENT ON FUNCTION import_pipeline_yaml(TEXT, UUID, UUID) IS
'import_pipeline() for a file of version 2: returns the id of the pipeline. The report is the change_summary of its newest version.';

CREATE FUNCTION migrate_v1_pipeline(yaml_content TEXT, team_id UUID) RETURNS UUID
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (public.import_pipeline(yaml_content, team_id, NULL, TRUE) ->> 'pipeline_id')::UUID;
$$;
COMMENT ON FUNCTION migrate_v1_pipeline(TEXT, UUID) IS
'import_pipeline() for a file of version 1 into a team: returns the id of the new pipeline. What had to change is the change_summary of its first version.';

CREATE FUNCTION migrate_v1_pipeline(yaml_content TEXT) RETURNS UUID
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.migrate_v1_pipeline(yaml_content, NULL);
$$;
COMMENT ON FUNCTION migrate_v1_pipeline(TEXT) IS
'migrate_v1_pipeline(text, uuid) into the only team that the caller can write in; YP004 if there is not exactly one.';

ALTER FUNCTION yaml.read_pipeline(TEXT, BOOLEAN) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.check_steps(TEXT, TEXT[], JSON, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION yaml.import_findings(JSON, JSONB, JSONB, BOOLEAN, BOOLEAN) OWNER TO pipeline_owner;
ALTER FUNCTION import_pipeline(TEXT, UUID, UUID, BOOLEAN, BOOLEAN) OWNER TO pipeline_owner;
ALTER FUNCTION import_pipeline_yaml(TEXT, UUID, UUID) OWNER TO pipeline_owner;
ALTER FUNCTION migrate_v1_pipeline(TEXT, UUID) OWNER TO pipeline_owner;
ALTER FUNCTION migrate_v1_pipeline(TEXT) OWNER TO pipeline_owner;
