CREATE TABLE readings (sensor int NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE readings_2024 PARTITION OF readings FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY HASH (sensor);
CREATE TABLE readings_2024_0 PARTITION OF readings_2024 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE readings_2024_1 PARTITION OF readings_2024 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE readings_2025 PARTITION OF readings FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE readings_old (sensor int NOT NULL, at date NOT NULL);
CREATE INDEX readings_at_idx ON readings USING brin (at);
COMMENT ON INDEX readings_at_idx IS 'by day';
CREATE INDEX readings_sensor_idx ON readings (sensor, at DESC);
