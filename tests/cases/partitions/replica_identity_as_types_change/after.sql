CREATE TABLE f (at date NOT NULL, v bigint NOT NULL, w bigint NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE f1 PARTITION OF f FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE UNIQUE INDEX fu ON f (at, v);
ALTER TABLE f ADD CONSTRAINT fk UNIQUE (at, w);
ALTER TABLE f1 REPLICA IDENTITY USING INDEX f1_at_v_idx;
ALTER TABLE f REPLICA IDENTITY USING INDEX fk;
CREATE TABLE g (v bigint NOT NULL); create unique index gi on g(v); alter table g replica identity using index gi;
