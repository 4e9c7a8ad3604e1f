CREATE TABLE a (x int); ALTER TABLE a OWNER TO app_user; GRANT ALL ON a TO alice; CREATE TABLE b (x int); ALTER TABLE b OWNER TO alice; GRANT ALL ON b TO app_user;
