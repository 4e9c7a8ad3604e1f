DROP FUNCTION instantiate_template;
DROP FUNCTION instantiate_steps;
DROP FUNCTION count_template_use;
DROP FUNCTION fill_template;
