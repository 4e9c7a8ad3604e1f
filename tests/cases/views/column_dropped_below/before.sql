CREATE SCHEMA app;
CREATE TABLE app.u(id serial primary key, name text, email text, legacy text);
CREATE VIEW app.uv AS SELECT id, name, email, legacy FROM app.u;
CREATE VIEW app.uw AS SELECT id FROM app.uv WHERE legacy IS NOT NULL;
