CREATE TABLE shop (id int PRIMARY KEY, code text UNIQUE);
CREATE TABLE sale (id int PRIMARY KEY, old int CONSTRAINT sale_shop_fkey REFERENCES shop);
CREATE TABLE heir_of (id int);
CREATE TABLE heir () INHERITS (heir_of);
CREATE TABLE part (id int) PARTITION BY LIST (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
