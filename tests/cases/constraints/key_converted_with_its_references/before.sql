create table par(id int not null, tenant int not null, name text, constraint par_pkey primary key(id));
create table chi(id int primary key, par_id int constraint chi_par_fkey references par(id));
