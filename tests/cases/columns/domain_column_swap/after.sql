CREATE DOMAIN mail AS varchar(50) CHECK (VALUE ~ '@');
CREATE TABLE t (e mail NOT NULL DEFAULT 'a@c', f mail, g text[]);
