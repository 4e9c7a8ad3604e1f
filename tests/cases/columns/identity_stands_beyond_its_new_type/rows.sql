INSERT INTO t (a, tags) VALUES ('a', '{b}');
INSERT INTO u DEFAULT VALUES;
SELECT setval('t_id_seq', 3000000000);
SELECT setval('u_id_seq', 4000000000);
