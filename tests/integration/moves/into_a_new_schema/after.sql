-- schema-tool: rename table app.users to core.people
-- schema-tool: rename table app.orders to core.orders
CREATE SCHEMA core;
COMMENT ON SCHEMA core IS 'new';
GRANT USAGE ON SCHEMA core TO app_writer;
CREATE TABLE core.people (id integer PRIMARY KEY, x text);
CREATE TABLE core.orders (id integer PRIMARY KEY, user_id integer REFERENCES core.people);
CREATE VIEW public.v AS SELECT people.id, orders.id AS o FROM core.people JOIN core.orders ON people.id = user_id;
CREATE STATISTICS core.st ON id, user_id FROM core.orders;
