create table ev(id bigint not null, day date not null, tenant int not null, note text, constraint ev_pkey primary key (id, day, tenant), constraint ev_note_key unique (day, tenant, note) include (id)) partition by range (day);
create table ev_1 partition of ev for values from ('2025-01-01') to ('2025-02-01');
create table ev_2 partition of ev for values from ('2025-02-01') to ('2025-03-01') partition by list (tenant);
create table ev_2a partition of ev_2 for values in (1);
create table ev_2b partition of ev_2 default;
create table ev_3 partition of ev for values from ('2025-03-01') to ('2025-04-01');
comment on constraint ev_1_pkey on ev_1 is 'one';
create table oth(id bigint not null, day date not null, tenant int not null, constraint oth_new primary key (id, day, tenant), constraint oth_id_key unique (id, day)) partition by range (day);
create table oth_1 partition of oth for values from ('2025-01-01') to ('2025-02-01');
