-- since 18
CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE orders (
    id integer PRIMARY KEY,
    buyer integer,
    payer integer,
    total integer,
    CONSTRAINT orders_buyer_fkey FOREIGN KEY (buyer) REFERENCES users (id) NOT ENFORCED,
    CONSTRAINT orders_payer_fkey FOREIGN KEY (payer) REFERENCES users (id) NOT ENFORCED,
    CONSTRAINT orders_total_check CHECK (total >= 0) NOT ENFORCED
);
COMMENT ON CONSTRAINT orders_buyer_fkey ON orders IS 'kept';
CREATE TABLE parts (id integer, buyer integer) PARTITION BY LIST (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
ALTER TABLE parts ADD CONSTRAINT parts_buyer_fkey FOREIGN KEY (buyer) REFERENCES users (id) NOT ENFORCED;
