INSERT INTO u VALUES (
    ROW('a', 'b'), ROW('a', 'b'), ARRAY[NULL, ROW('a', 'b')::dk], ARRAY[ROW('a', 'b')::k], ARRAY[ROW('a', 'b')::dk],
    ROW(ROW('a', 'b'), ARRAY[ROW('a', 'b')::dk], 1)
);
