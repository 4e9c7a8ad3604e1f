CREATE TABLE top (a text, b text DEFAULT 'none');
CREATE TABLE middle () INHERITS (top);
CREATE TABLE low (own integer) INHERITS (middle);
CREATE TABLE lowest () INHERITS (low);
CREATE TABLE split (a integer, b bigint) PARTITION BY RANGE (a);
CREATE TABLE split_low PARTITION OF split FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (a);
CREATE TABLE split_low_1 PARTITION OF split_low FOR VALUES FROM (0) TO (10);
