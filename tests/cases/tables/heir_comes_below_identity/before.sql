-- No column gets an identity as it comes to a table with heirs.
CREATE TABLE thing (a integer, z integer);
