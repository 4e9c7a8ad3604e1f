INSERT INTO login (id, at) VALUES (1, '2026-01-01');
INSERT INTO first_login (id, at) VALUES (1, '2026-01-01');
INSERT INTO double_click (id, at) VALUES (1, '2026-01-01');
INSERT INTO view (id, at) VALUES (1, '2026-01-01');
INSERT INTO book (id) VALUES (1);
