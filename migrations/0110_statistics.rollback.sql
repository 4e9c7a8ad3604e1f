DROP TABLE pipeline_stats_refresh;
DROP MATERIALIZED VIEW pipeline_stats;
DROP FUNCTION team_pipeline_stats;
DROP FUNCTION refresh_pipeline_stats;
