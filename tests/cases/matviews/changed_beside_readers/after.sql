CREATE TABLE sale (shop int, day date, amount numeric, note text, currency text DEFAULT 'EUR');
CREATE MATERIALIZED VIEW turnover AS
    SELECT shop, currency, sum(amount) AS amount FROM sale GROUP BY shop, currency;
CREATE UNIQUE INDEX turnover_shop ON turnover (shop, currency);
CREATE INDEX turnover_amount ON turnover ((round(amount)));
ALTER INDEX turnover_amount ALTER COLUMN 1 SET STATISTICS 200;
ALTER MATERIALIZED VIEW turnover CLUSTER ON turnover_shop;
COMMENT ON INDEX turnover_shop IS 'for REFRESH CONCURRENTLY';
COMMENT ON MATERIALIZED VIEW turnover IS 'by shop and currency';
COMMENT ON COLUMN turnover.shop IS 'the shop';
GRANT SELECT ON turnover TO app_reader;
ALTER MATERIALIZED VIEW turnover OWNER TO app_writer;
GRANT SELECT ON sale TO app_writer;
CREATE MATERIALIZED VIEW days AS SELECT DISTINCT day FROM sale;
