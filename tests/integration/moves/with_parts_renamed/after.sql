-- schema-tool: rename table a.users to b.people
-- schema-tool: rename column a.users.name to full_name
-- schema-tool: rename index a.users_lower to people_lower
-- schema-tool: rename constraint a.users.users_named to people_named
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE b.people (id serial PRIMARY KEY, full_name text, CONSTRAINT people_named CHECK (full_name <> ''), more integer);
CREATE INDEX people_lower ON b.people (lower(full_name));
