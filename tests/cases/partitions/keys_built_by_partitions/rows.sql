insert into ev values (1,'2025-01-05',1,'x'),(2,'2025-02-05',1,'x'),(3,'2025-02-05',2,'x');
insert into oth values (1,'2025-01-05',1); 
