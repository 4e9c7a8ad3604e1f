CREATE TABLE part (id int PRIMARY KEY);
CREATE TABLE assembly (id int PRIMARY KEY, part int REFERENCES part);
CREATE TABLE draft (id int, part int REFERENCES part);
CREATE UNLOGGED TABLE left_alone (id int PRIMARY KEY);
CREATE TABLE note (id int, about int);
CREATE TABLE an_order (id int PRIMARY KEY, part int REFERENCES part);
CREATE UNLOGGED TABLE one (id int PRIMARY KEY, other int);
CREATE UNLOGGED TABLE other (id int PRIMARY KEY, one int REFERENCES one);
