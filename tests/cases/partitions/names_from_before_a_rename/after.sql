CREATE TABLE sales (day int, total int, shop int) PARTITION BY RANGE (day);
CREATE INDEX sales_amount_idx ON sales (total);
ALTER TABLE sales ADD CONSTRAINT sales_key UNIQUE (day, total, shop);
CREATE TABLE sales_1 PARTITION OF sales FOR VALUES FROM (0) TO (10) PARTITION BY LIST (shop);
CREATE TABLE sales_1_1 PARTITION OF sales_1 FOR VALUES IN (1);

CREATE TABLE renamed_there (day int, amount int) PARTITION BY RANGE (day);
CREATE INDEX ON renamed_there (amount);
ALTER TABLE renamed_there ADD CONSTRAINT renamed_there_key UNIQUE (day, amount);
CREATE TABLE renamed_there_1 PARTITION OF renamed_there FOR VALUES FROM (0) TO (10);
ALTER TABLE renamed_there RENAME COLUMN amount TO total;

CREATE TABLE fresh (day int, amount int) PARTITION BY RANGE (day);
CREATE INDEX ON fresh (amount);
CREATE TABLE fresh_1 PARTITION OF fresh FOR VALUES FROM (0) TO (10);
ALTER TABLE fresh RENAME COLUMN amount TO total;
