INSERT INTO orders VALUES (1, '2023-05-05', 10, 'new'), (2, '2024-05-05', 20, 'paid');
