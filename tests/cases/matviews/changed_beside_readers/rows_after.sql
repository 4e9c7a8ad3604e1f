INSERT INTO sale VALUES (1, '2026-01-01', 12, 'a', 'EUR'), (1, '2026-01-02', 3, 'b', 'CHF');
