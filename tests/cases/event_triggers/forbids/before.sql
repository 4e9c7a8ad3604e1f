CREATE TABLE old(a int);
