-- Two parents change places; what goes from one of them does not go from the other's heir.
CREATE TABLE one (id integer, a text, b text);
CREATE TABLE other (id integer, b text);
CREATE TABLE heir (own integer) INHERITS (one);
