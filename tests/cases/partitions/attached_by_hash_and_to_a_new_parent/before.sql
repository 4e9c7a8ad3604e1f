CREATE TABLE by_hash (id int, at date) PARTITION BY HASH (id);
CREATE TABLE by_hash_1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1)
    PARTITION BY RANGE (at);
CREATE TABLE filled (id int, at date);
CREATE TABLE fits (kind text, at date NOT NULL);
CREATE TABLE rest (kind text, at date NOT NULL);
