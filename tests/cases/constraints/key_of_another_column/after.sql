create table par(tenant int not null, uid uuid default gen_random_uuid(), name text, constraint par_pk primary key(uid), constraint par_u unique(name));
create table chi(id int primary key, par_uid uuid constraint chi_paru_fkey references par(uid));
