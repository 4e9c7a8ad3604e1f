CREATE VIEW v (n, "S") AS VALUES (1, 'a'), (2, 'b');
CREATE VIEW w (column1, n) AS VALUES (1, ') "*VALUES*"');
CREATE VIEW x (n) AS VALUES (2), (1) ORDER BY 1;
CREATE VIEW y AS SELECT column1 AS n FROM (VALUES (1), (2)) "*VALUES*";
