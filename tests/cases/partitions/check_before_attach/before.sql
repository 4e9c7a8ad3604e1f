CREATE TABLE s (k int NOT NULL, d date);
