-- Finding pipelines. Both functions run as the caller, so row security decides what they find.
--
-- depends: 0160_template_use

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
SET search_path = ''
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

CREATE FUNCTION recent_pipelines(max_results INTEGER DEFAULT 50) RETURNS SETOF PIPELINES
LANGUAGE sql STABLE
SET search_path = ''
AS $$
    -- The keys come from an index alone; only the rows that are returned are read.
    SELECT p.*
    FROM (
        SELECT k.id FROM public.pipelines AS k
        ORDER BY k.updated_at DESC, k.id DESC
        LIMIT max_results
    ) AS newest
    INNER JOIN public.pipelines AS p ON newest.id = p.id
    ORDER BY p.updated_at DESC, p.id DESC
$$;

COMMENT ON FUNCTION recent_pipelines IS
'The caller''s most recently changed pipelines, over all teams, newest first.';

ALTER FUNCTION search_pipelines(TEXT, UUID, TEXT, TEXT[], INTEGER, INTEGER)
OWNER TO pipeline_owner;
ALTER FUNCTION recent_pipelines(INTEGER) OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION search_pipelines(TEXT, UUID, TEXT, TEXT[], INTEGER, INTEGER) FROM public;
REVOKE ALL ON FUNCTION recent_pipelines(INTEGER) FROM public;
GRANT EXECUTE ON FUNCTION search_pipelines(TEXT, UUID, TEXT, TEXT[], INTEGER, INTEGER)
TO pipeline_app, pipeline_readonly;
GRANT EXECUTE ON FUNCTION recent_pipelines(INTEGER) TO pipeline_app, pipeline_readonly;
