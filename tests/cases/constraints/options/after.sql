CREATE TABLE a (n int PRIMARY KEY WITH (fillfactor = 50), m int, CONSTRAINT a_m_key UNIQUE (m) WITH (fillfactor = 60) DEFERRABLE);
ALTER TABLE a CLUSTER ON a_pkey;
COMMENT ON INDEX a_pkey IS 'x';
COMMENT ON CONSTRAINT a_pkey ON a IS 'y';
