CREATE TABLE towns (id integer PRIMARY KEY);
CREATE TABLE ports (id integer PRIMARY KEY);
CREATE TABLE by_land (id integer NOT NULL, place integer) PARTITION BY RANGE (id);
ALTER TABLE by_land ADD CONSTRAINT to_place FOREIGN KEY (place) REFERENCES towns;
CREATE TABLE by_sea (id integer NOT NULL, place integer) PARTITION BY RANGE (id);
ALTER TABLE by_sea ADD CONSTRAINT to_place FOREIGN KEY (place) REFERENCES ports;
CREATE TABLE low PARTITION OF by_sea FOR VALUES FROM (0) TO (10);
