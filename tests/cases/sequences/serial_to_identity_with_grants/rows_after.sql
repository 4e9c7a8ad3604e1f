INSERT INTO jobs (title) VALUES ('a'), ('b');
