create table par(id bigint not null, tenant int not null, name text, constraint par_new primary key(id, tenant), constraint par_id_key unique(id));
create table chi(id int primary key, par_id bigint constraint chi_par_fkey references par(id));
