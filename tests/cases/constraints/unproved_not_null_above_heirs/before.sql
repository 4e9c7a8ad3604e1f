-- since 18
-- Heirs and partitions that come before a NOT NULL that is NOT VALID have it so, those after it not.
CREATE TABLE there (n integer);
CREATE TABLE loses (n integer);
ALTER TABLE loses ADD CONSTRAINT loses_n NOT NULL n NOT VALID;
