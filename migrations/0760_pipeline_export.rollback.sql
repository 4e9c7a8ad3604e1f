DROP FUNCTION export_pipeline_yaml(UUID);
DROP FUNCTION yaml.pipeline_document(UUID);
DROP FUNCTION yaml.steps_below(UUID, UUID);
DROP FUNCTION yaml.step_node(STEPS);
DROP FUNCTION yaml.join_orders(JSONB, JSONB);
