CREATE TABLE t(a int); GRANT SELECT ON t TO pg_read_all_data; GRANT UPDATE ON t TO pg_monitor; GRANT USAGE ON SCHEMA public TO pg_database_owner;
