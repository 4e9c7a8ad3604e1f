-- Each heir keeps it by its key or its own wish, or loses it with its parent.
CREATE TABLE event (id integer NOT NULL, at date NOT NULL);
CREATE TABLE login (PRIMARY KEY (id)) INHERITS (event);
CREATE TABLE first_login () INHERITS (login);
CREATE TABLE click () INHERITS (event);
CREATE TABLE double_click (PRIMARY KEY (id)) INHERITS (click);
CREATE TABLE view (at date NOT NULL) INHERITS (event);

-- A key of an heir goes as well.
CREATE TABLE item (id integer NOT NULL);
CREATE TABLE book (PRIMARY KEY (id)) INHERITS (item);
