CREATE VIEW v (n, "S", t) AS VALUES (1, 'a', now()), (2, 'c', now());
CREATE VIEW w (column1, n) AS VALUES (2, ') "*VALUES*"');
CREATE MATERIALIZED VIEW m ("from", n) AS VALUES (1, 'a'), (2, 'b');
CREATE VIEW z AS SELECT n, "from" FROM m;
