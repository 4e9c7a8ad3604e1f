CREATE TABLE a (code text PRIMARY KEY, id int UNIQUE);
CREATE TABLE b (a_id int REFERENCES a (id), a_code text REFERENCES a);
