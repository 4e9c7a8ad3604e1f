CREATE TABLE t (id int, a boolean DEFAULT true, b integer DEFAULT 0, c date NOT NULL DEFAULT '2020-01-01', d numeric(10,2) DEFAULT 12.5);
