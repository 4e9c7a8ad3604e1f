CREATE TABLE t (id int NOT NULL, code int NOT NULL, tenant int NOT NULL);
CREATE UNIQUE INDEX t_tenant_id_idx ON t (tenant, id);
CREATE TABLE expressions (
    id int NOT NULL CONSTRAINT expressions_key UNIQUE, code text NOT NULL
);
