INSERT INTO line (id, net) VALUES (1, 10);
INSERT INTO order_line (id, net, note) VALUES (2, 20, 'a');
INSERT INTO express_line (id, net) VALUES (3, 30);
INSERT INTO late_fee (id, cents) VALUES (1, 5);
