create table par(id int not null, tenant int not null, name varchar(50), constraint par_pkey primary key(id), constraint par_name_key unique(name));
create table chi(id int primary key, par_id int constraint chi_par_fkey references par(id));
