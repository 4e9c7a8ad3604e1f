INSERT INTO u VALUES (
    ROW('b', 'a'), ROW('b', 'a'), ARRAY[NULL, ROW('b', 'a')::dk], ARRAY[ROW('b', 'a')::k], ARRAY[ROW('b', 'a')::dk],
    ROW(ROW('b', 'a'), ARRAY[ROW('b', 'a')::dk], 1)
);
