CREATE UNLOGGED TABLE a (id serial, s smallserial);
