CREATE SCHEMA app; CREATE TABLE app.a(id int); CREATE TABLE app.b(id int);
GRANT USAGE ON SCHEMA app TO app_reader, app_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA app TO app_reader;
