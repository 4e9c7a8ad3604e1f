CREATE TABLE heir (part text NOT NULL, c text NOT NULL) PARTITION BY LIST (part);
ALTER TABLE heir ADD PRIMARY KEY (part, c);
CREATE TABLE split (id integer) PARTITION BY RANGE (id);
