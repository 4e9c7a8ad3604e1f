CREATE DOMAIN price AS numeric(12, 2) CHECK (VALUE >= 0);
CREATE TYPE state AS ENUM ('new', 'paid', 'sent');
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE orders (id int, day date, total price, state state) PARTITION BY RANGE (day);
CREATE TABLE orders_rest PARTITION OF orders DEFAULT;
CREATE TRIGGER told AFTER UPDATE OF state ON orders FOR EACH ROW EXECUTE FUNCTION tell();
