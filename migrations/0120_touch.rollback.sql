DROP TRIGGER update_pipeline_on_connection_delete ON connections;
DROP TRIGGER update_pipeline_on_connection_change ON connections;
DROP TRIGGER update_pipeline_on_connection_insert ON connections;
DROP TRIGGER update_pipeline_on_step_delete ON steps;
DROP TRIGGER update_pipeline_on_step_change ON steps;
DROP TRIGGER update_pipeline_on_step_insert ON steps;
DROP TABLE pipeline_touches;
DROP FUNCTION touch_pipelines;
DROP FUNCTION update_pipeline_timestamp;
