-- since 18
CREATE TABLE kept (note text NOT NULL);
CREATE TABLE left_behind (id integer NOT NULL, sub text NOT NULL);
CREATE TABLE heir () INHERITS (kept, left_behind);
