INSERT INTO stay VALUES (1, ROW(1, 'a', '2026-01-01'), ARRAY[ROW(2, 'b', '2026-01-02')]::listed[]);
