CREATE TABLE t(a int); CREATE TABLE u(a int);
REVOKE ALL ON t FROM postgres;
