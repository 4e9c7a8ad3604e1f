create table own(id bigint not null, day date not null) partition by range (day);
create table own_1 partition of own (constraint own_1_pk primary key (id, day)) for values from ('2025-01-01') to ('2025-02-01');
create table own_2 partition of own for values from ('2025-02-01') to ('2025-03-01');
alter table own_2 add constraint xx primary key (id, day);
alter table only own add constraint own_pkey primary key (id, day);
alter index own_pkey attach partition own_1_pk;
alter index own_pkey attach partition xx;
create table par(id int primary key, oid bigint, day date, constraint par_own_fkey foreign key (oid, day) references own (id, day));
