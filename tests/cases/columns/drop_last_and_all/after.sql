CREATE TABLE t ();
CREATE TABLE u (a int, b serial);
