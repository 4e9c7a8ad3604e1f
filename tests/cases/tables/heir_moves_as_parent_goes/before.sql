CREATE SCHEMA app; CREATE TABLE app.t4 (a int, b text); CREATE TABLE app.t0 () INHERITS (app.t4);
