-- The server makes them anew for the other type, for whoever asks and with the usual target.
CREATE TABLE thing (a integer, b integer, c integer);
CREATE STATISTICS of_alice (dependencies) ON a, b FROM thing;
ALTER STATISTICS of_alice OWNER TO alice;
CREATE STATISTICS exact (dependencies) ON a, b FROM thing;
ALTER STATISTICS exact SET STATISTICS 50;
COMMENT ON STATISTICS exact IS 'more than usual';
CREATE STATISTICS usual (dependencies) ON a, b FROM thing;
