-- The server gives a new partition its index under a name of its own.
CREATE TABLE visit (at date NOT NULL, page text, who text) PARTITION BY RANGE (at);
CREATE TABLE visit_2024 PARTITION OF visit FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX visit_page ON visit (page);
CREATE INDEX visit_page_too ON visit (page);
CREATE INDEX "Who else" ON visit (lower(who)) INCLUDE (page);
