CREATE TABLE jobs (id SERIAL PRIMARY KEY, title TEXT);
GRANT USAGE ON SEQUENCE jobs_id_seq TO app_user;
COMMENT ON SEQUENCE jobs_id_seq IS 'numbers of jobs';
