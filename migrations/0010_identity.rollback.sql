DROP TABLE users;
DROP FUNCTION lower_email;
DROP FUNCTION refuse_change;
DROP FUNCTION set_updated_at;
DROP FUNCTION acts_as_owner;
DROP FUNCTION current_user_id;
REVOKE USAGE ON SCHEMA public FROM pipeline_app, pipeline_readonly, pipeline_electric;
REVOKE USAGE, CREATE ON SCHEMA public FROM pipeline_owner;
