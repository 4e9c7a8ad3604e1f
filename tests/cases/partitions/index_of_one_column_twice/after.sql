CREATE TABLE n (part integer, sub text) PARTITION BY RANGE (part);
CREATE TABLE n_m PARTITION OF n FOR VALUES FROM (0) TO (100);
CREATE INDEX n_twice ON n (part, part DESC) INCLUDE (part);
CREATE TABLE o (part integer, sub text) PARTITION BY RANGE (part);
CREATE TABLE o_m PARTITION OF o FOR VALUES FROM (0) TO (100) PARTITION BY LIST (sub);
CREATE TABLE o_m_a PARTITION OF o_m DEFAULT;
CREATE INDEX o_twice ON o (part, (sub || 'x'), part);
