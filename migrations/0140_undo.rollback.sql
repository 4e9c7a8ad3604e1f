REVOKE EXECUTE ON FUNCTION acts_as_owner() FROM pipeline_app;
DROP FUNCTION undo_change;
DROP FUNCTION undo_update;
DROP FUNCTION undo_delete;
DROP FUNCTION reinsert_pipeline;
