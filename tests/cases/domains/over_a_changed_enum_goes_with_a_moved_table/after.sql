CREATE TYPE state AS ENUM ('open', 'gone');
CREATE TABLE thing (id integer NOT NULL, other state);
