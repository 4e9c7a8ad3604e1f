-- since 18
CREATE TABLE t (a bigint, v bigint GENERATED ALWAYS AS (a + 2) VIRTUAL, CHECK (v > 1));
