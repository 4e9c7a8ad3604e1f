DROP FUNCTION instantiate_template;
DROP FUNCTION instantiate_steps;
DROP FUNCTION fill_template;

DROP FUNCTION fork_pipeline;
DROP FUNCTION move_step;

REVOKE EXECUTE ON FUNCTION acts_as_owner() FROM pipeline_app;
DROP FUNCTION undo_change;
DROP FUNCTION undo_update;
DROP FUNCTION undo_delete;
DROP FUNCTION reinsert_pipeline;

DROP FUNCTION diff_pipeline_versions;
DROP FUNCTION diff_rows;
DROP FUNCTION restore_pipeline_version;
DROP FUNCTION lock_for_restore;
DROP FUNCTION restore_steps;
DROP FUNCTION drop_other_connections;
DROP FUNCTION take_back_steps;
DROP FUNCTION create_pipeline_version;
DROP FUNCTION pipeline_state;
