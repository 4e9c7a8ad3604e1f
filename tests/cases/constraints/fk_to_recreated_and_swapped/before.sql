CREATE TABLE a (id int PRIMARY KEY, code text UNIQUE);
CREATE TABLE b (a_id int REFERENCES a, a_code text REFERENCES a (code));
