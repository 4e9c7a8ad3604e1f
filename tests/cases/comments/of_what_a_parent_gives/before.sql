CREATE TABLE named (id integer PRIMARY KEY);

CREATE TABLE whole (a integer, b integer, c integer, UNIQUE (a, b)) PARTITION BY LIST (a);
CREATE TABLE part PARTITION OF whole FOR VALUES IN (1);
ALTER TABLE whole
    ADD CONSTRAINT positive CHECK (b > 0),
    ADD CONSTRAINT changing CHECK (c > 0),
    ADD CONSTRAINT refers FOREIGN KEY (b) REFERENCES named;
COMMENT ON CONSTRAINT changing ON part IS 'stays';
COMMENT ON CONSTRAINT refers ON part IS 'of the part';

CREATE TABLE top (a integer, CONSTRAINT small CHECK (a < 10));
CREATE TABLE heir () INHERITS (top);
