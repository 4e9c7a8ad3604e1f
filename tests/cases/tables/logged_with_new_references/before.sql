CREATE UNLOGGED TABLE part (id int PRIMARY KEY);
CREATE TABLE assembly (id int PRIMARY KEY, part int);
CREATE UNLOGGED TABLE draft (id int, part int REFERENCES part);
CREATE UNLOGGED TABLE left_alone (id int PRIMARY KEY);
CREATE UNLOGGED TABLE note (id int, about int REFERENCES left_alone);
