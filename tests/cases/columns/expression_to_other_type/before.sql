CREATE TABLE thing (note varchar, small text GENERATED ALWAYS AS (lower(note)) STORED);
