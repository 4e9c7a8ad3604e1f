CREATE DOMAIN positive AS INT CHECK (VALUE > 0);
CREATE DOMAIN small AS positive DEFAULT 5 CHECK (VALUE < 100);
CREATE TABLE sizes (
    x small,
    y positive[],
    z small GENERATED ALWAYS AS (3) STORED
);
