-- Figures about pipelines. A materialized view has no row security: the application reads it
-- through a function that filters.
--
-- depends: 0100_presence

CREATE MATERIALIZED VIEW pipeline_stats AS
SELECT
    p.id,
    p.team_id,
    count(DISTINCT s.id) AS step_count,
    count(DISTINCT s.type) AS step_type_count,
    max(s.updated_at) AS last_modified
FROM pipelines AS p
LEFT JOIN steps AS s ON p.id = s.pipeline_id
GROUP BY p.id, p.team_id;

COMMENT ON MATERIALIZED VIEW pipeline_stats IS
'Figures per pipeline, as old as the last refresh_pipeline_stats(). Closed to the application, which
reads team_pipeline_stats().';
COMMENT ON COLUMN pipeline_stats.last_modified IS
'The newest change of a step; NULL: no steps.';

CREATE INDEX idx_pipeline_stats_team ON pipeline_stats (team_id);
CREATE UNIQUE INDEX pipeline_stats_id_idx ON pipeline_stats (id);
COMMENT ON INDEX idx_pipeline_stats_team IS 'team_pipeline_stats().';
COMMENT ON INDEX pipeline_stats_id_idx IS 'REFRESH ... CONCURRENTLY needs a unique index.';

CREATE TABLE pipeline_stats_refresh (
    singleton BOOLEAN NOT NULL DEFAULT TRUE,
    refreshed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT pipeline_stats_refresh_pkey PRIMARY KEY (singleton),
    CONSTRAINT pipeline_stats_refresh_singleton_check CHECK (singleton)
);

COMMENT ON TABLE pipeline_stats_refresh IS
'When pipeline_stats was last refreshed: one row, none before the first refresh.';
COMMENT ON COLUMN pipeline_stats_refresh.singleton IS 'Always true: at most one row.';

CREATE FUNCTION refresh_pipeline_stats(max_age INTERVAL DEFAULT '0') RETURNS BOOLEAN
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    refreshed TIMESTAMPTZ;
BEGIN
    IF NOT EXISTS (SELECT FROM public.pipeline_stats_refresh) THEN
        INSERT INTO public.pipeline_stats_refresh (refreshed_at) VALUES ('-infinity')
        ON CONFLICT (singleton) DO NOTHING;
    END IF;
    -- A second caller would queue behind the first only to do the same work again. A row, since
    -- anybody who may connect can hold an advisory lock.
    SELECT r.refreshed_at INTO refreshed
    FROM public.pipeline_stats_refresh AS r FOR UPDATE SKIP LOCKED;
    IF NOT FOUND OR refreshed > now() - max_age THEN
        RETURN FALSE;
    END IF;
    REFRESH MATERIALIZED VIEW CONCURRENTLY public.pipeline_stats;
    UPDATE public.pipeline_stats_refresh AS r SET refreshed_at = now() WHERE r.singleton;
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION refresh_pipeline_stats IS
'Refreshes pipeline_stats unless that was done within max_age or is being done; returns whether it
did. Readers are not blocked. For the owner''s scheduler, not for the application.';

CREATE FUNCTION team_pipeline_stats(for_team_id UUID DEFAULT NULL)
RETURNS TABLE (
    id UUID, team_id UUID, step_count BIGINT, step_type_count BIGINT, last_modified TIMESTAMPTZ
)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT s.id, s.team_id, s.step_count, s.step_type_count, s.last_modified
    FROM public.pipeline_stats AS s
    WHERE s.team_id = ANY ((SELECT public.my_team_ids())::UUID[])
        AND (for_team_id IS NULL OR s.team_id = for_team_id)
$$;

COMMENT ON FUNCTION team_pipeline_stats IS
'pipeline_stats for one of the caller''s teams, or all of them (NULL); no rows for any other team.';

ALTER MATERIALIZED VIEW pipeline_stats OWNER TO pipeline_owner;
ALTER TABLE pipeline_stats_refresh OWNER TO pipeline_owner;
ALTER FUNCTION refresh_pipeline_stats(INTERVAL) OWNER TO pipeline_owner;
ALTER FUNCTION team_pipeline_stats(UUID) OWNER TO pipeline_owner;
REVOKE ALL ON FUNCTION refresh_pipeline_stats(INTERVAL) FROM public;
REVOKE ALL ON FUNCTION team_pipeline_stats(UUID) FROM public;
GRANT EXECUTE ON FUNCTION team_pipeline_stats(UUID) TO pipeline_app, pipeline_readonly;
