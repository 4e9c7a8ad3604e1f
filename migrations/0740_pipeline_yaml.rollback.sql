DROP FUNCTION validate_step_config(TEXT, JSONB, TEXT[]);
DROP FUNCTION yaml.step_references(JSONB);
DROP FUNCTION yaml.flatten_steps(JSON);
DROP FUNCTION yaml.step_row(JSON);
DROP FUNCTION yaml.step_branches(JSON);
DROP FUNCTION yaml.pipeline_shape(JSON);
DROP FUNCTION yaml.locate(TEXT, TEXT[]);
DROP FUNCTION yaml.ordered(JSONB, JSONB);
DROP FUNCTION yaml.key_order(JSON);
