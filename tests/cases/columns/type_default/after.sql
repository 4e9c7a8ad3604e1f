CREATE TABLE a (n int DEFAULT 2, b boolean DEFAULT true NOT NULL, j jsonb, arr text[]);
