CREATE TABLE users (id int PRIMARY KEY, full_name text NOT NULL, email text UNIQUE);
CREATE INDEX users_full_name_idx ON users (full_name);
