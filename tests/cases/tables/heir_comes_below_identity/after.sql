CREATE TABLE thing (z bigint, id bigint GENERATED ALWAYS AS IDENTITY);
CREATE TABLE heir () INHERITS (thing);
