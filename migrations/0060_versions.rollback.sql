DROP FUNCTION prune_pipeline_versions;
DROP TABLE pipeline_versions;
DROP FUNCTION refuse_version_change;
