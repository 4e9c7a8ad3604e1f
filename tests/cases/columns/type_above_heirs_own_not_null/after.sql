CREATE TABLE base (id bigint PRIMARY KEY, x varchar(20) NOT NULL);
CREATE TABLE child (PRIMARY KEY (id)) INHERITS (base);
CREATE TABLE grand (id bigint NOT NULL, PRIMARY KEY (id)) INHERITS (child);
CREATE TABLE last () INHERITS (grand);
CREATE TABLE refers (id bigint REFERENCES child);
CREATE VIEW shown AS SELECT id FROM grand;
