CREATE TABLE u (a int, b int); CREATE STATISTICS s ON a, b FROM u;
