INSERT INTO filled SELECT i, '2025-02-01' FROM generate_series(1, 40) AS i
WHERE satisfies_hash_partition('by_hash'::regclass, 2, 1, i);
INSERT INTO fits VALUES ('a', '2025-01-01'), (NULL, '2025-01-02');
INSERT INTO rest VALUES ('b', '2025-01-01');
