-- since 16
CREATE TABLE a (t text, u text, v text COLLATE "C");
