insert into t(a,b) values (1,'x'),(2,'y'); insert into u(a) values (1),(2); insert into v values (1,'abc');
