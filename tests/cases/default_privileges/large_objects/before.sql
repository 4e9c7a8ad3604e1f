-- since 18
CREATE TABLE t (a INT);
