INSERT INTO core.users(mail) VALUES ('a@b.c');
