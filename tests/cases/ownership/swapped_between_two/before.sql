CREATE TABLE a (x int); ALTER TABLE a OWNER TO alice; GRANT ALL ON a TO app_user; CREATE TABLE b (x int); ALTER TABLE b OWNER TO app_user; GRANT ALL ON b TO alice;
