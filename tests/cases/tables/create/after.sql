CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a_id int NOT NULL REFERENCES a (id) ON DELETE CASCADE, name text NOT NULL DEFAULT 'x' CHECK (name <> ''), UNIQUE (a_id, name));
COMMENT ON TABLE b IS 'it''s b';
COMMENT ON COLUMN b.name IS 'the name';
CREATE INDEX b_name_idx ON b (lower(name)) WHERE a_id > 3;
