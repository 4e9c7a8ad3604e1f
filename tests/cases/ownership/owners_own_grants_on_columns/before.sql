CREATE TABLE thing (id integer, note text);
ALTER TABLE thing OWNER TO app_writer;
GRANT SELECT (note), UPDATE (note) ON thing TO app_writer;
