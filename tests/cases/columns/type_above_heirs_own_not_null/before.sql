CREATE TABLE base (id int PRIMARY KEY, x text NOT NULL);
CREATE TABLE child (PRIMARY KEY (id)) INHERITS (base);
CREATE TABLE grand (id int NOT NULL, PRIMARY KEY (id)) INHERITS (child);
CREATE TABLE last () INHERITS (grand);
CREATE TABLE refers (id int REFERENCES child);
CREATE VIEW shown AS SELECT id FROM grand;
