CREATE TABLE p (id varchar(9) NOT NULL, k int NOT NULL, CONSTRAINT p_pkey PRIMARY KEY (id));
CREATE TABLE c (p varchar(9) CONSTRAINT c_p_fkey REFERENCES p (id));
CREATE TABLE z (a int);
