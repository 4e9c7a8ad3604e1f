CREATE COLLATION c (lc_collate = 'POSIX', lc_ctype = 'C'); COMMENT ON COLLATION c IS 'two';
