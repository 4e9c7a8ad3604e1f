CREATE SEQUENCE s; GRANT SELECT ON s TO app_reader; CREATE TABLE t(id serial, n int generated always as identity);
GRANT USAGE ON SEQUENCE t_id_seq TO app_user; GRANT USAGE ON SEQUENCE t_n_seq TO app_user;
