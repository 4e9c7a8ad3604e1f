CREATE TABLE item (id INT PRIMARY KEY, n TEXT);
CREATE TABLE basket (id INT, main INT REFERENCES item, other INT[]);
