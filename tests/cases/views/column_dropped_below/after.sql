CREATE SCHEMA app;
CREATE TABLE app.u(id serial primary key, name text, email text);
CREATE VIEW app.uv AS SELECT id, name, email FROM app.u;
CREATE VIEW app.uw AS SELECT id FROM app.uv;
