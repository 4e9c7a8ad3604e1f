CREATE SCHEMA app; CREATE TABLE app.a(id int); CREATE TABLE app.b(id int); CREATE TABLE app.c(id int);
GRANT USAGE ON SCHEMA app TO app_reader, app_writer, "odd ""role";
GRANT SELECT ON ALL TABLES IN SCHEMA app TO app_reader, "odd ""role";
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO app_writer;
ALTER TABLE app.a OWNER TO "odd ""role"; ALTER SCHEMA app OWNER TO "Admin";
