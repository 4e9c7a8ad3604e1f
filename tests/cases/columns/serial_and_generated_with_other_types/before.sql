create table t(id serial primary key, a int, b varchar(20), g int generated always as (a * 2) stored);
create table u(id serial primary key, a int, g int generated always as (a * 2) stored);
create domain code as varchar(10);
create table v(id int, c code);
