CREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), v text);
CREATE TABLE c (t_id uuid REFERENCES t);
