-- schema-tool: rename table users to app.users
-- schema-tool: rename table posts to app.posts
-- schema-tool: rename type state to app.state
-- schema-tool: rename function touch() to app.touch
-- schema-tool: rename view v to app.v
-- schema-tool: rename sequence numbers to app.numbers
CREATE SCHEMA app;
CREATE TYPE app.state AS ENUM ('a');
CREATE SEQUENCE app.numbers;
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE app.users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s app.state DEFAULT 'a', no int DEFAULT nextval('app.numbers'));
CREATE TABLE app.posts (id serial PRIMARY KEY, by bigint REFERENCES app.users);
CREATE INDEX posts_by ON app.posts (by);
CREATE TRIGGER touch BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE VIEW app.v AS SELECT * FROM app.users JOIN app.posts USING (id);
