CREATE TABLE sales (day date NOT NULL, shop integer NOT NULL, UNIQUE (day, shop))
    PARTITION BY RANGE (day);
CREATE TABLE sales_1 PARTITION OF sales FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE visits (day date NOT NULL, shop integer NOT NULL, PRIMARY KEY (day, shop))
    PARTITION BY RANGE (day);
CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
