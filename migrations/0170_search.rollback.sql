DROP FUNCTION recent_pipelines;
DROP FUNCTION search_pipelines;
