DROP FUNCTION export_pipeline_yaml(UUID);
DROP FUNCTION yaml.pipeline_document(UUID);
DROP FUNCTION yaml.below_pipeline(JSONB, JSONB);
DROP FUNCTION yaml.workflow_members(RECORD, JSONB, JSONB);
DROP FUNCTION yaml.steps_below(JSONB, TEXT);
DROP FUNCTION yaml.step_node(JSONB, JSONB);
DROP FUNCTION yaml.step_tree(UUID);
DROP FUNCTION yaml.join_orders(JSONB, JSONB);

DROP FUNCTION migrate_v1_pipeline(TEXT);
DROP FUNCTION migrate_v1_pipeline(TEXT, UUID);
DROP FUNCTION import_pipeline_yaml(TEXT, UUID, UUID);
DROP FUNCTION import_pipeline(TEXT, UUID, UUID, BOOLEAN, BOOLEAN);
DROP FUNCTION yaml.import_findings(JSON, JSONB, JSONB, BOOLEAN, BOOLEAN);
DROP FUNCTION yaml.check_steps(TEXT, TEXT[], JSON, JSONB);
DROP FUNCTION yaml.read_pipeline(TEXT, BOOLEAN);

DROP FUNCTION yaml.store_connections(UUID, JSONB, JSONB);
DROP FUNCTION yaml.stored_links(UUID, JSONB);
DROP FUNCTION yaml.store_steps(UUID, JSONB);
DROP FUNCTION yaml.removed_steps(UUID, JSONB);
DROP FUNCTION yaml.known_steps(UUID, JSONB);
DROP FUNCTION yaml.store_pipeline(TEXT, TEXT[], RECORD, BOOLEAN, UUID, UUID);
DROP FUNCTION yaml.lock_pipeline(UUID, UUID);
DROP FUNCTION yaml.import_team(UUID);
DROP FUNCTION yaml.team_hint();
DROP FUNCTION yaml.check_team(UUID);

DROP FUNCTION yaml.v1_warnings(JSON, JSONB);
DROP FUNCTION yaml.migrate_document(JSON);
DROP FUNCTION yaml.v1_members(JSON, TEXT);
DROP FUNCTION yaml.migrate_cases(JSON, TEXT, TEXT[]);
DROP FUNCTION yaml.migrate_list(JSON, TEXT, TEXT[]);
DROP FUNCTION yaml.migrate_step(JSON, TEXT, TEXT[]);
DROP FUNCTION yaml.renamed_member(JSON, TEXT, JSON);

DROP FUNCTION yaml.import_warnings(JSONB, JSONB);
DROP FUNCTION validate_step_config(TEXT, JSONB, TEXT[]);
DROP FUNCTION yaml.prompt_flaws(JSONB);
DROP FUNCTION yaml.required_fields(TEXT);
DROP FUNCTION yaml.link_list(JSONB);
DROP FUNCTION yaml.derived_connections(JSONB);
DROP FUNCTION yaml.loop_variables(JSONB);
DROP FUNCTION yaml.step_references(JSONB);
DROP FUNCTION yaml.config_members(JSONB);

DROP FUNCTION yaml.step_list(JSON);
DROP FUNCTION yaml.flatten_steps(JSON);
DROP FUNCTION yaml.step_row(JSON);
DROP FUNCTION yaml.step_branches(JSON);
DROP FUNCTION yaml.pipeline_row(JSON, TEXT);
DROP FUNCTION yaml.file_order(JSON, TEXT, JSONB);
DROP FUNCTION yaml.pipeline_shape(JSON);
DROP FUNCTION yaml.fail_at(TEXT, TEXT, TEXT[], TEXT, TEXT);
DROP FUNCTION yaml.locate(TEXT, TEXT[]);
DROP FUNCTION yaml.ordered(JSONB, JSONB);
DROP FUNCTION yaml.key_order(JSON);
