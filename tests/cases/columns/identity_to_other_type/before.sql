-- Whether a type fits an identity is asked before the same command takes the identity away.
CREATE TABLE thing (id integer GENERATED ALWAYS AS IDENTITY, note text);
