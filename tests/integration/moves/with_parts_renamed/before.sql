-- schema-tool: rename table b.people to a.users
-- schema-tool: rename column b.people.full_name to name
-- schema-tool: rename index people_lower to users_lower
-- schema-tool: rename constraint b.people.people_named to users_named
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.users (id serial PRIMARY KEY, name text, CONSTRAINT users_named CHECK (name <> ''));
CREATE INDEX users_lower ON a.users (lower(name));
