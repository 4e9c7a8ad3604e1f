CREATE TABLE stays (n int);
