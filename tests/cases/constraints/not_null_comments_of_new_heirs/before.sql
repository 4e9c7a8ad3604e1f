-- since 18
CREATE TABLE z (n int);
