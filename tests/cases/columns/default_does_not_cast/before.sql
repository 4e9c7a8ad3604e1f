CREATE TABLE t (id int, a text DEFAULT 'yes', b text DEFAULT '', c text NOT NULL DEFAULT 'none', d varchar DEFAULT '12');
