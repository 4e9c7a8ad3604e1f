CREATE TABLE base (id bigint PRIMARY KEY, at timestamptz, u text NOT NULL DEFAULT 'x');
CREATE TABLE k (LIKE base INCLUDING ALL) INHERITS (base);
CREATE TABLE k2 (u text) INHERITS (k);
