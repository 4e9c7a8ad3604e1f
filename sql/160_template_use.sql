-- Making pipelines from templates.

CREATE FUNCTION fill_template(template JSONB, variables JSONB) RETURNS JSONB
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    given TEXT;
    filled TEXT;
    part TEXT;
    name TEXT;
BEGIN
    IF jsonb_typeof(template) = 'object' THEN
        RETURN coalesce((
            SELECT jsonb_object_agg(e.key, public.fill_template(e.value, variables))
            FROM jsonb_each(template) AS e
        ), '{}');
    ELSIF jsonb_typeof(template) = 'array' THEN
        RETURN coalesce((
            SELECT jsonb_agg(public.fill_template(e.value, variables) ORDER BY e.ordinality)
            FROM jsonb_array_elements(template) WITH ORDINALITY AS e
        ), '[]');
    ELSIF jsonb_typeof(template) <> 'string' OR template #>> '{}' NOT LIKE '%{{%' THEN
        RETURN template;
    END IF;

    given := template #>> '{}';
    -- In one pass from left to right, so that braces in a value are text and not filled again. The
    -- last two of several opening braces open the variable.
    FOREACH part IN ARRAY regexp_split_to_array(given, '\{\{(?!\{)') LOOP
        name := split_part(part, '}}', 1);
        IF filled IS NULL THEN
            filled := part;
        ELSIF part NOT LIKE '%}}%' OR NOT variables ? name THEN
            filled := filled || '{{' || part;
        ELSIF given = '{{' || name || '}}' THEN
            -- A text that is nothing but the variable takes the value with its type.
            RETURN variables -> name;
        ELSE
            filled := filled || coalesce(variables ->> name, '')
                || substr(part, length(name) + 3);
        END IF;
    END LOOP;
    RETURN to_jsonb(filled);
END;
$$;

COMMENT ON FUNCTION fill_template IS
'Replaces "{{variable}}" in every text of a JSON value; a text that is only that becomes the value
itself, and null within a longer text is empty. Values are not filled again. Unknown variables stay:
pipelines have some that are filled when they run.';

CREATE FUNCTION instantiate_steps(
    target_pipeline_id UUID, target_team_id UUID, steps JSONB, connections JSONB
) RETURNS VOID
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
    WITH given AS MATERIALIZED (
        SELECT e.value AS step, e.ordinality AS place, gen_random_uuid() AS id
        FROM jsonb_array_elements(instantiate_steps.steps) WITH ORDINALITY AS e
    ), made AS (
        INSERT INTO public.steps (
            id, pipeline_id, team_id, name, type, enabled, config, position_x, position_y,
            width, height, parent_step_id, branch, order_index
        )
        SELECT
            g.id, target_pipeline_id, target_team_id, r.name, r.type, coalesce(r.enabled, TRUE),
            coalesce(r.config, '{}'), coalesce(r.position_x, 0), coalesce(r.position_y, 0),
            coalesce(r.width, 200), coalesce(r.height, 100), parent.id,
            coalesce(r.branch, 'steps'), coalesce(r.order_index, (g.place - 1)::INTEGER)
        FROM given AS g
        CROSS JOIN LATERAL jsonb_populate_record(NULL::public.steps, g.step) AS r
        LEFT JOIN given AS parent ON g.step ->> 'parent' = parent.step ->> 'name'
    )
    INSERT INTO public.connections (
        pipeline_id, team_id, from_step_id, to_step_id, from_output, to_input, path_data
    )
    SELECT
        target_pipeline_id, target_team_id, f.id, t.id, coalesce(c ->> 'from_output', 'output'),
        coalesce(c ->> 'to_input', 'input'), nullif(c -> 'path_data', 'null')
    FROM jsonb_array_elements(instantiate_steps.connections) AS c
    -- A name that no step has gives NULL, which the table refuses.
    LEFT JOIN given AS f ON c ->> 'from' = f.step ->> 'name'
    LEFT JOIN given AS t ON c ->> 'to' = t.step ->> 'name'
$$;

COMMENT ON FUNCTION instantiate_steps IS
'Part of instantiate_template(): makes the steps and connections of a template''s pipeline_config.';

-- Runs as the owner, since it counts: whoever could count without making a pipeline, or needed to be
-- able to write a template in order to use it, would make the count worthless.
CREATE FUNCTION instantiate_template(
    template_id UUID, name TEXT, variables JSONB DEFAULT '{}', target_team_id UUID DEFAULT NULL
) RETURNS UUID
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    template public.pipeline_templates;
    unbound CONSTANT BOOLEAN := public.acts_as_owner();
    team UUID;
    content JSONB;
    created UUID;
BEGIN
    SELECT t.* INTO template FROM public.pipeline_templates AS t
    WHERE t.id = instantiate_template.template_id
        AND (t.team_id = ANY (public.my_team_ids()) OR unbound);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no template % that you can see', instantiate_template.template_id
            USING ERRCODE = 'no_data_found';
    END IF;
    team := coalesce(target_team_id, template.team_id);
    IF NOT (team = ANY (public.my_writable_team_ids()) OR unbound) THEN
        RAISE EXCEPTION 'no team % that you may write', team
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF jsonb_typeof(variables) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'variables must be a JSON object'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    content := public.fill_template(
        template.pipeline_config, template.default_values || variables
    );
    IF EXISTS (
        SELECT FROM jsonb_array_elements(content -> 'steps') AS s
        WHERE s ->> 'parent' IS NOT NULL AND NOT EXISTS (
            SELECT FROM jsonb_array_elements(content -> 'steps') AS p
            WHERE p ->> 'name' = s ->> 'parent'
        )
    ) THEN
        RAISE EXCEPTION 'a step of template % stands in a step that it does not have', template.id
            USING ERRCODE = 'invalid_parameter_value';
    END IF;

    INSERT INTO public.pipelines (
        team_id, created_by, name, description, config, defaults, authentication, tags
    ) VALUES (
        team, public.current_user_id(),
        instantiate_template.name, coalesce(content ->> 'description', template.description),
        coalesce(content -> 'config', '{}'), coalesce(content -> 'defaults', '{}'),
        coalesce(content -> 'authentication', '{}'),
        ARRAY(SELECT jsonb_array_elements_text(coalesce(content -> 'tags', '[]')))
    ) RETURNING id INTO created;
    PERFORM public.instantiate_steps(
        created, team, coalesce(content -> 'steps', '[]'), coalesce(content -> 'connections', '[]')
    );
    UPDATE public.pipeline_templates AS t SET usage_count = t.usage_count + 1
    WHERE t.id = template.id;
    RETURN created;
END;
$$;

COMMENT ON FUNCTION instantiate_template IS
'Makes a draft pipeline from a template, in the template''s team or another one, and returns its id.
variables override the template''s default_values. SQLSTATE P0002 when the caller cannot see the
template, 42501 when he may not write the team, 22023 when variables is no
object or a step names an unknown parent, 23502 when a connection names an unknown step.';

ALTER FUNCTION fill_template(JSONB, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION instantiate_steps(UUID, UUID, JSONB, JSONB) OWNER TO pipeline_owner;
ALTER FUNCTION instantiate_template(UUID, TEXT, JSONB, UUID) OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION fill_template(JSONB, JSONB) FROM public;
REVOKE ALL ON FUNCTION instantiate_steps(UUID, UUID, JSONB, JSONB) FROM public;
REVOKE ALL ON FUNCTION instantiate_template(UUID, TEXT, JSONB, UUID) FROM public;
GRANT EXECUTE ON FUNCTION fill_template(JSONB, JSONB) TO pipeline_app;
GRANT EXECUTE ON FUNCTION instantiate_template(UUID, TEXT, JSONB, UUID) TO pipeline_app;
