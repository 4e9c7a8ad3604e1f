CREATE TABLE t (k integer, v text);
CREATE UNIQUE INDEX tk ON t (k);
CREATE TABLE other (k integer, j integer NOT NULL);
CREATE UNIQUE INDEX other_k ON other (k);
CREATE UNIQUE INDEX other_j ON other (j);
ALTER TABLE other REPLICA IDENTITY USING INDEX other_j;
