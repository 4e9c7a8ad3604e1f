CREATE TABLE base (id integer, b integer GENERATED ALWAYS AS IDENTITY);
CREATE TABLE child () INHERITS (base);
