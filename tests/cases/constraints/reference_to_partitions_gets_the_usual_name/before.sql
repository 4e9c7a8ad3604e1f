CREATE TABLE ev (id int NOT NULL, day date NOT NULL, CONSTRAINT ev_key UNIQUE (id, day)) PARTITION BY RANGE (day);
CREATE TABLE ev_rest PARTITION OF ev DEFAULT;
CREATE TABLE note (ev int, day date, CONSTRAINT note_old FOREIGN KEY (ev, day) REFERENCES ev (id, day));
