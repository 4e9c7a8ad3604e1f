-- Before 18 a key is all that makes the partition's column NOT NULL.
CREATE TABLE event (id integer NOT NULL, kind integer) PARTITION BY LIST (kind);
CREATE TABLE event_1 PARTITION OF event (PRIMARY KEY (id)) FOR VALUES IN (1);
CREATE TABLE event_rest PARTITION OF event DEFAULT PARTITION BY LIST (kind);
CREATE TABLE event_2 PARTITION OF event_rest (PRIMARY KEY (id)) FOR VALUES IN (2);
CREATE TABLE event_others PARTITION OF event_rest DEFAULT;
