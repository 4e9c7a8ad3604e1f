CREATE TABLE kept (a integer, note jsonb NOT NULL, size bigint DEFAULT 5);
CREATE TABLE heir (own integer) INHERITS (kept);
