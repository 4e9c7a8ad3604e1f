-- schema-tool: rename table app.users to public.users
-- schema-tool: rename table app.posts to public.posts
-- schema-tool: rename type app.state to public.state
-- schema-tool: rename function app.touch() to public.touch
-- schema-tool: rename view app.v to public.v
-- schema-tool: rename sequence app.numbers to public.numbers
CREATE TYPE state AS ENUM ('a');
CREATE SEQUENCE numbers;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s state DEFAULT 'a', no int DEFAULT nextval('numbers'));
CREATE TABLE posts (id serial PRIMARY KEY, by bigint REFERENCES users);
CREATE INDEX posts_by ON posts (by);
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE VIEW v AS SELECT * FROM users JOIN posts USING (id);
