CREATE TABLE t (
    id int NOT NULL, code varchar(9) NOT NULL, tenant int NOT NULL,
    CONSTRAINT t_code_key UNIQUE (tenant, code, id)
);
CREATE TABLE expressions (id int NOT NULL, code char(9) NOT NULL);
CREATE UNIQUE INDEX expressions_old ON expressions (lower(code), id);
