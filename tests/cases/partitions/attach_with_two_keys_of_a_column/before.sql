CREATE TABLE p_1 (k integer NOT NULL, v integer);
