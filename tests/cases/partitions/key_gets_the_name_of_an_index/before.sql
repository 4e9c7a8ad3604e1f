CREATE TABLE sales (day date NOT NULL, shop integer NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE sales_1 PARTITION OF sales FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX sales_1_day_shop_key ON sales_1 (shop);
CREATE TABLE visits (day date NOT NULL, shop integer NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE UNIQUE INDEX visits_1_pkey ON visits_1 (day, shop);
