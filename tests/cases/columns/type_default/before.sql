CREATE TABLE a (n text DEFAULT '1', b text DEFAULT 'true' NOT NULL, j json, arr text);
