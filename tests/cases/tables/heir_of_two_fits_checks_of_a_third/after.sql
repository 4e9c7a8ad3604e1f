CREATE TABLE kept (a integer CONSTRAINT positive CHECK (a > 0));
CREATE TABLE come (b integer CONSTRAINT small CHECK (b < 10), a integer CONSTRAINT positive CHECK (a > 0));
CREATE TABLE heir () INHERITS (kept, come);
