CREATE TABLE a (id int, new text NOT NULL DEFAULT 'x', n2 int);
