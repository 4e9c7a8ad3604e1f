CREATE TABLE p (
    id text NOT NULL CONSTRAINT p_id_key UNIQUE, k int NOT NULL, CONSTRAINT p_pkey PRIMARY KEY (k)
);
CREATE TABLE c (p text CONSTRAINT c_p_fkey REFERENCES p (id));
CREATE TABLE z (a int);
CREATE INDEX z_a_idx ON z (a);
