CREATE TABLE kept (a integer);
CREATE SEQUENCE stays;
