CREATE TABLE visit (at date NOT NULL, page text, who text) PARTITION BY RANGE (at);
CREATE TABLE visit_2024 PARTITION OF visit FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX visit_page ON visit (page);
CREATE INDEX visit_page_too ON visit (page);
CREATE INDEX "Who else" ON visit (lower(who)) INCLUDE (page);
CREATE TABLE visit_2025 PARTITION OF visit FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
    PARTITION BY HASH (page);
CREATE TABLE visit_2025_0 PARTITION OF visit_2025 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER INDEX visit_2025_page_idx RENAME TO pages_of_2025;
ALTER INDEX visit_2025_0_page_idx RENAME TO "pages of 2025_0";
ALTER INDEX "visit_2025_lower_page_idx" RENAME TO "Who else, 2025";
COMMENT ON INDEX "Who else, 2025" IS 'asked for by the yearly report';
