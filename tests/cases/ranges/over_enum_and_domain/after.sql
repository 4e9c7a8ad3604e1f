CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS bigint; CREATE TYPE er AS RANGE (subtype = e); CREATE TYPE dr AS RANGE (subtype = d); CREATE TABLE t (x er, y dr, z er[]);
