-- What stands on an heir's generated column goes and comes with it, and it has its comment again.
CREATE TABLE line (id integer, net integer, gross integer GENERATED ALWAYS AS (net + 1) STORED);
CREATE TABLE order_line (note text) INHERITS (line);
CREATE TABLE express_line () INHERITS (order_line);
CREATE INDEX order_line_gross ON order_line (gross);
CREATE INDEX express_line_gross ON express_line (gross);
COMMENT ON COLUMN express_line.gross IS 'with tax';
CREATE VIEW express AS SELECT gross FROM express_line;

-- Here only what it is computed from gets another type.
CREATE TABLE fee (id integer, cents integer, doubled bigint GENERATED ALWAYS AS (cents * 2::bigint) STORED);
CREATE TABLE late_fee (note text) INHERITS (fee);
COMMENT ON COLUMN late_fee.doubled IS 'twice';
CREATE INDEX late_fee_doubled ON late_fee (doubled);
