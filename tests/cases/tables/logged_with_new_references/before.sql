CREATE UNLOGGED TABLE part (id int PRIMARY KEY);
CREATE TABLE assembly (id int PRIMARY KEY, part int);
CREATE UNLOGGED TABLE draft (id int, part int REFERENCES part);
CREATE UNLOGGED TABLE left_alone (id int PRIMARY KEY);
CREATE UNLOGGED TABLE note (id int, about int REFERENCES left_alone);
CREATE TABLE one (id int PRIMARY KEY, other int);
CREATE TABLE other (id int PRIMARY KEY, one int REFERENCES one);
ALTER TABLE one ADD CONSTRAINT one_other_fkey FOREIGN KEY (other) REFERENCES other;
