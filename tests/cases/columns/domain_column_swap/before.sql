CREATE DOMAIN email AS text CHECK (VALUE ~ '@');
CREATE TABLE t (e email NOT NULL DEFAULT 'a@b', f text, g email[]);
