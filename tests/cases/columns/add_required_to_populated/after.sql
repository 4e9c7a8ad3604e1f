CREATE TABLE t (id int, n int NOT NULL DEFAULT 3, u uuid NOT NULL DEFAULT gen_random_uuid(), s bigserial, g int GENERATED ALWAYS AS (id * 2) STORED, ts timestamptz NOT NULL DEFAULT now());
