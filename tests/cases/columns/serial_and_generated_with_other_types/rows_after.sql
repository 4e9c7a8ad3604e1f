insert into t(a,b,g) values (1,'x',2),(2,'y',4); insert into u(a) values (1),(2); insert into v values (1,'abc');
