CREATE TABLE other (id integer);
CREATE TABLE heir (own integer) INHERITS (other);
