CREATE TABLE shop (id int PRIMARY KEY, code text UNIQUE);
CREATE TABLE area (id int PRIMARY KEY, lead int);
CREATE TABLE sale (
    id int PRIMARY KEY,
    shop int CONSTRAINT sale_shop_fkey REFERENCES shop ON DELETE SET NULL (shop) DEFERRABLE,
    code text CONSTRAINT "Code" REFERENCES shop (code) MATCH FULL ON UPDATE CASCADE,
    area int REFERENCES area,
    before int REFERENCES sale,
    kind int DEFAULT 1,
    twice int CONSTRAINT once REFERENCES shop CONSTRAINT again REFERENCES shop ON DELETE CASCADE
);
ALTER TABLE area ADD CONSTRAINT area_lead_fkey FOREIGN KEY (lead) REFERENCES sale;
COMMENT ON CONSTRAINT "Code" ON sale IS 'by code';
CREATE INDEX sale_shop_idx ON sale (shop);
CREATE TABLE heir_of (id int, shop int REFERENCES shop);
CREATE TABLE heir () INHERITS (heir_of);
CREATE TABLE part (id int, shop int REFERENCES shop) PARTITION BY LIST (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
