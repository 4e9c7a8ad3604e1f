CREATE TABLE top (b text, c bigint);
CREATE TABLE middle () INHERITS (top);
CREATE TABLE other (a timestamp, c bigint);
CREATE TABLE low () INHERITS (middle, other);
