-- The heir has the NOT NULL, under its name, before there is the parent from which it is.
CREATE TABLE heir (id integer, note text);
