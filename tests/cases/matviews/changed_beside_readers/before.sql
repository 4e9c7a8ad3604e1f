CREATE TABLE sale (shop int, day date, amount numeric, note text);
CREATE MATERIALIZED VIEW turnover AS
    SELECT shop, note, sum(amount) AS amount FROM sale GROUP BY shop, note;
CREATE UNIQUE INDEX turnover_shop ON turnover (shop, note);
CREATE INDEX "By amount" ON turnover (amount) WHERE amount > 10;
COMMENT ON INDEX turnover_shop IS 'for REFRESH CONCURRENTLY';
COMMENT ON MATERIALIZED VIEW turnover IS 'by shop';
COMMENT ON COLUMN turnover.shop IS 'the shop';
GRANT SELECT ON turnover TO app_reader;
ALTER MATERIALIZED VIEW turnover OWNER TO app_writer;
CREATE MATERIALIZED VIEW days AS SELECT day FROM sale;
