CREATE TABLE a(id int primary key);
CREATE PUBLICATION p FOR TABLE a WITH (publish='update');
