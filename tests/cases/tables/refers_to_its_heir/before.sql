-- The parent cannot go before its heir, nor the heir before the key that refers to it.
CREATE TABLE kept (a integer);
CREATE TABLE asset (id bigint, kind text);
CREATE TABLE building (number integer CONSTRAINT building_key UNIQUE) INHERITS (asset);
ALTER TABLE asset ADD COLUMN stands_in integer CONSTRAINT asset_fkey REFERENCES building (number);
