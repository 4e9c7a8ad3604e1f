-- The parent's new column does not fit the heir's, which goes.
CREATE TABLE one () WITH (autovacuum_enabled = off);
CREATE TABLE two (a integer);
CREATE TABLE heir (a text) INHERITS (one);
CREATE PUBLICATION news FOR TABLE one, two;
