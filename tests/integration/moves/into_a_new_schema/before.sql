-- schema-tool: rename table core.people to app.users
-- schema-tool: rename table core.orders to app.orders
CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'old';
CREATE TABLE app.users (id integer PRIMARY KEY, x text);
CREATE TABLE app.orders (id integer PRIMARY KEY, user_id integer REFERENCES app.users);
CREATE VIEW public.v AS SELECT users.id, orders.id AS o FROM app.users JOIN app.orders ON users.id = user_id;
CREATE STATISTICS app.st ON id, user_id FROM app.orders;
