CREATE TYPE pt AS (x int, y int);
CREATE TABLE a (i jsonb, d json, u jsonb, arr jsonb, t json, b jsonb DEFAULT 'true', n jsonb, ts jsonb, x int[], y text[], c int);
