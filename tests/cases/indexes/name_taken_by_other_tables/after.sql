CREATE TABLE one (a integer);
CREATE TABLE two (a integer);
CREATE INDEX from_gone ON two (a);
CREATE INDEX between ON two (a);
CREATE TABLE coming (a integer);
CREATE INDEX to_new ON coming (a);
