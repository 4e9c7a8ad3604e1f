CREATE TABLE ev (id int NOT NULL, day date NOT NULL, tenant int, CONSTRAINT ev_new UNIQUE (id, tenant, day))
PARTITION BY RANGE (day);
CREATE TABLE ev_1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');
CREATE TABLE ev_2 PARTITION OF ev FOR VALUES FROM ('2025-02-01') TO ('2025-03-01');
CREATE TABLE ev_rest PARTITION OF ev DEFAULT;
CREATE TABLE note (ev int, day date, tenant int, CONSTRAINT note_new FOREIGN KEY (ev, tenant, day) REFERENCES ev (id, tenant, day));
