CREATE UNLOGGED TABLE t (id serial, a integer, b serial);
