CREATE TABLE kept (a integer CONSTRAINT positive CHECK (a > 0));
CREATE TABLE gone (b integer);
CREATE TABLE heir () INHERITS (kept, gone);
