-- Finding pipelines. All functions run as the caller, so row security decides what they find.

CREATE FUNCTION search_pipelines(
    query TEXT,
    in_team_id UUID DEFAULT NULL,
    with_status TEXT DEFAULT NULL,
    with_tags TEXT[] DEFAULT '{}',
    max_results INTEGER DEFAULT 20,
    skip_results INTEGER DEFAULT 0
) RETURNS TABLE (
    id UUID, team_id UUID, name TEXT, description TEXT, status TEXT, tags TEXT[],
    updated_at TIMESTAMPTZ, rank REAL, name_html TEXT, description_html TEXT
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH wanted AS MATERIALIZED (
        SELECT websearch_to_tsquery('english', query) AS words
    ), best AS MATERIALIZED (
        SELECT p.*, ts_rank(p.search_vector, w.words) AS rank, w.words
        FROM public.pipelines AS p
        CROSS JOIN wanted AS w
        WHERE p.search_vector @@ w.words
            AND (in_team_id IS NULL OR p.team_id = in_team_id)
            AND (with_status IS NULL OR p.status = with_status)
            AND p.tags @> with_tags
        ORDER BY ts_rank(p.search_vector, w.words) DESC, p.updated_at DESC, p.id DESC
        LIMIT max_results OFFSET skip_results
    )
    -- Highlighting reads the whole text, so only what is returned is highlighted; and the text is
    -- escaped first, since what comes out is HTML.
    SELECT
        b.id, b.team_id, b.name, b.description, b.status, b.tags, b.updated_at, b.rank,
        ts_headline(
            'english', replace(replace(replace(b.name, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'),
            b.words, 'HighlightAll=true, StartSel=<mark>, StopSel=</mark>'
        ),
        ts_headline(
            'english',
            replace(replace(replace(b.description, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'),
            b.words, 'MaxFragments=2, StartSel=<mark>, StopSel=</mark>'
        )
    FROM best AS b
    ORDER BY b.rank DESC, b.updated_at DESC, b.id DESC
$$;

COMMENT ON FUNCTION search_pipelines IS
'The pipelines that the caller may read and whose name or description matches a query as people type
it (words, "phrases", or, -not), best first. Tags: all of those given. name_html and
description_html are escaped HTML with the words found in <mark>. Nothing for an empty query.';

-- The planner takes every caller for a member of ten teams. For one who is in a large share of them
-- it is cheapest to walk all pipelines from the newest on; forbidding the sort makes it do so.
CREATE FUNCTION newest_pipeline_ids(max_results INTEGER) RETURNS SETOF UUID
LANGUAGE plpgsql STABLE ROWS 50
SET search_path = pg_catalog, pg_temp
SET enable_sort = off
AS $$
BEGIN
    RETURN QUERY
    SELECT p.id FROM public.pipelines AS p
    ORDER BY p.updated_at DESC, p.id DESC LIMIT max_results;
END;
$$;

COMMENT ON FUNCTION newest_pipeline_ids IS
'Part of recent_pipelines(): for callers who see a large share of all pipelines.';

CREATE FUNCTION recent_pipelines(max_results INTEGER DEFAULT 50) RETURNS SETOF PIPELINES
LANGUAGE plpgsql STABLE ROWS 50
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    my_teams CONSTANT INTEGER := cardinality(public.my_team_ids());
    all_teams CONSTANT REAL := (
        SELECT c.reltuples FROM pg_catalog.pg_class AS c WHERE c.oid = 'public.teams'::REGCLASS
    );
BEGIN
    IF my_teams > 0.05 * all_teams OR NOT row_security_active('public.pipelines') THEN
        RETURN QUERY
        SELECT p.* FROM public.newest_pipeline_ids(max_results) AS newest (id)
        INNER JOIN public.pipelines AS p ON newest.id = p.id
        ORDER BY p.updated_at DESC, p.id DESC;
    ELSIF my_teams > 5 THEN
        -- The keys come from an index alone; only the rows that are returned are read.
        RETURN QUERY
        SELECT p.* FROM (
            SELECT k.id
            FROM (SELECT m.id, m.updated_at FROM public.pipelines AS m OFFSET 0) AS k
            ORDER BY k.updated_at DESC, k.id DESC LIMIT max_results
        ) AS newest
        INNER JOIN public.pipelines AS p ON newest.id = p.id
        ORDER BY p.updated_at DESC, p.id DESC;
    ELSE
        -- So few rows that reading them all costs less than fetching fifty by their keys.
        RETURN QUERY
        SELECT p.* FROM (SELECT m.* FROM public.pipelines AS m OFFSET 0) AS p
        ORDER BY p.updated_at DESC, p.id DESC LIMIT max_results;
    END IF;
END;
$$;

COMMENT ON FUNCTION recent_pipelines IS
'The caller''s most recently changed pipelines, over all teams, newest first.';

ALTER FUNCTION search_pipelines(TEXT, UUID, TEXT, TEXT[], INTEGER, INTEGER)
OWNER TO pipeline_owner;
ALTER FUNCTION newest_pipeline_ids(INTEGER) OWNER TO pipeline_owner;
ALTER FUNCTION recent_pipelines(INTEGER) OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION search_pipelines(TEXT, UUID, TEXT, TEXT[], INTEGER, INTEGER) FROM public;
REVOKE ALL ON FUNCTION newest_pipeline_ids(INTEGER) FROM public;
REVOKE ALL ON FUNCTION recent_pipelines(INTEGER) FROM public;
GRANT EXECUTE ON FUNCTION search_pipelines(TEXT, UUID, TEXT, TEXT[], INTEGER, INTEGER)
TO pipeline_app, pipeline_readonly;
GRANT EXECUTE ON FUNCTION newest_pipeline_ids(INTEGER) TO pipeline_app, pipeline_readonly;
GRANT EXECUTE ON FUNCTION recent_pipelines(INTEGER) TO pipeline_app, pipeline_readonly;
