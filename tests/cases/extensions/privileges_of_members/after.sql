CREATE EXTENSION vector;
GRANT EXECUTE ON FUNCTION l2_distance(vector, vector) TO app_reader;
REVOKE EXECUTE ON FUNCTION cosine_distance(vector, vector) FROM PUBLIC;
GRANT USAGE ON TYPE vector TO app_user;
GRANT EXECUTE ON FUNCTION avg(vector) TO app_user;
