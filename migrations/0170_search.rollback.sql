DROP FUNCTION recent_pipelines;
DROP FUNCTION newest_pipeline_ids;
DROP FUNCTION search_pipelines;
