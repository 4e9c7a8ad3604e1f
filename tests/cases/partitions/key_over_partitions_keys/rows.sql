insert into own values (1,'2025-01-05'); insert into par values (1);
