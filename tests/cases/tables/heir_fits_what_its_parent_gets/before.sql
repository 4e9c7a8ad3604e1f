CREATE TABLE kept (a integer);
CREATE TABLE gone (note text, size integer);
CREATE TABLE heir (own integer) INHERITS (gone, kept);
