CREATE TABLE old_parent (a integer);
CREATE TABLE heir (note text) INHERITS (old_parent);
