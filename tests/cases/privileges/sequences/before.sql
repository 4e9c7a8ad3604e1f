CREATE SEQUENCE s; GRANT ALL ON s TO app_reader; CREATE TABLE t(id serial, n int generated always as identity);
