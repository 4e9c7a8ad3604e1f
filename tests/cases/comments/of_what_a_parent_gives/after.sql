CREATE TABLE named (id integer PRIMARY KEY);

CREATE TABLE whole (a integer, b integer, c integer, UNIQUE (a, b)) PARTITION BY LIST (a);
CREATE TABLE part PARTITION OF whole FOR VALUES IN (1);
ALTER TABLE whole
    ADD CONSTRAINT positive CHECK (b > 0),
    ADD CONSTRAINT changing CHECK (c > -5),
    ADD CONSTRAINT coming CHECK (b < 100),
    ADD CONSTRAINT refers FOREIGN KEY (b) REFERENCES named,
    ADD CONSTRAINT refers_too FOREIGN KEY (c) REFERENCES named;
COMMENT ON CONSTRAINT positive ON part IS 'of the part';
COMMENT ON CONSTRAINT changing ON part IS 'stays';
COMMENT ON CONSTRAINT coming ON part IS 'new, as its parent''s';
COMMENT ON CONSTRAINT refers_too ON part IS 'new, as its parent''s';
COMMENT ON CONSTRAINT part_a_b_key ON part IS 'the key';
COMMENT ON INDEX part_a_b_key IS 'its index';
ALTER INDEX part_a_b_key SET (fillfactor = 50);
ALTER TABLE part CLUSTER ON part_a_b_key;
CREATE TABLE new_part PARTITION OF whole FOR VALUES IN (2);
COMMENT ON CONSTRAINT positive ON new_part IS 'of the new part';

CREATE TABLE top (a integer, CONSTRAINT small CHECK (a < 10));
CREATE TABLE heir () INHERITS (top);
CREATE TABLE new_heir () INHERITS (top);
COMMENT ON CONSTRAINT small ON heir IS 'of the heir';
COMMENT ON CONSTRAINT small ON new_heir IS 'of the new heir';
