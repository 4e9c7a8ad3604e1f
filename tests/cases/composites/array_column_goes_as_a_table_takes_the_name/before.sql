CREATE TYPE item AS (id INT, n TEXT);
CREATE TABLE basket (id INT, items item[], main item, other item[]);
