CREATE TABLE thing (id integer, note text);
GRANT SELECT (note), UPDATE (note) ON thing TO app_writer;
