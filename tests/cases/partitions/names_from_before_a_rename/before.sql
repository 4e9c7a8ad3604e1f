-- the server names parts after the columns as they were when the whole was made
CREATE TABLE sales (day int, amount int, shop int) PARTITION BY RANGE (day);
CREATE INDEX sales_amount_idx ON sales (amount);
ALTER TABLE sales ADD CONSTRAINT sales_key UNIQUE (day, amount, shop);
ALTER TABLE sales RENAME COLUMN amount TO total;

CREATE TABLE renamed_there (day int, total int) PARTITION BY RANGE (day);
CREATE TABLE renamed_there_1 PARTITION OF renamed_there FOR VALUES FROM (0) TO (10);
