CREATE TYPE mood AS ENUM ('1', '2');
CREATE TABLE thing (id mood, note text);
