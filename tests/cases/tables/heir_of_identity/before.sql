-- An heir has no identity of its own, whatever its parent's column becomes.
CREATE TABLE above (id text, note text);
CREATE TABLE heir (own integer) INHERITS (above);
