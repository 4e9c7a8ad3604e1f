create table par(id int not null, tenant int not null, name varchar(50), constraint par_pkey primary key(id), constraint par_t_key unique(tenant,id));
create table chi(id int primary key, tenant int not null, par_id int constraint chi_par_fkey references par(id));
