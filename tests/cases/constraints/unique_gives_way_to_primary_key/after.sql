create table par(id int not null, tenant int not null, name varchar(50), constraint par_pkey primary key(tenant, id));
create table chi(id int primary key, tenant int not null, par_id int, constraint chi_par_fkey foreign key (tenant, par_id) references par(tenant, id));
create table nw(id int primary key, tenant int not null, par_id int, constraint nw_par_fkey foreign key (tenant, par_id) references par(tenant, id));
