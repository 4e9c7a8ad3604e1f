CREATE SCHEMA a;
CREATE TABLE a.t (n int);
CREATE SCHEMA gone;
CREATE TABLE gone.x (n int);
