CREATE TABLE t (at timestamptz, d jsonb, n numeric); CREATE STATISTICS s ON (date_trunc('day', at AT TIME ZONE 'UTC')), (d ->> 'kind') FROM t; CREATE STATISTICS one ON (n * 2) FROM t;
