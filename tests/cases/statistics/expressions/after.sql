CREATE TABLE t (at timestamptz, d jsonb, n numeric(10, 2)); CREATE STATISTICS s ON (date_trunc('month', at AT TIME ZONE 'UTC')), (d ->> 'kind'), n FROM t; CREATE STATISTICS one ON (n * 2) FROM t;
