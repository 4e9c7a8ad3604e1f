DROP FUNCTION fork_pipeline;
DROP FUNCTION move_step;
