insert into par values (1,1,'a'),(2,1,'b'); insert into chi values (1,1),(2,2);
