CREATE TABLE new_parent (a integer, b jsonb, c text);
ALTER TABLE new_parent ALTER COLUMN b SET STORAGE EXTERNAL;
CREATE TABLE heir (note text) INHERITS (new_parent);
ALTER TABLE heir ALTER COLUMN c SET (n_distinct = 5);
ALTER TABLE heir ALTER COLUMN c SET STATISTICS 300;
GRANT SELECT (c) ON heir TO app_reader;
COMMENT ON COLUMN heir.c IS 'the heir''s own words';
