CREATE TABLE z (n int);
