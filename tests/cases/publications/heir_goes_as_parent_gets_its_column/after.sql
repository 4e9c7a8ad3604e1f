CREATE TABLE one (a integer);
CREATE TABLE two (a integer);
CREATE PUBLICATION news FOR TABLE one, two;
