-- The names stay, the tables are others: that of one goes, that of another comes.
CREATE TABLE going (a integer);
CREATE INDEX from_gone ON going (a);
CREATE TABLE one (a integer);
CREATE TABLE two (a integer);
CREATE INDEX to_new ON one (a);
CREATE INDEX between ON one (a);
