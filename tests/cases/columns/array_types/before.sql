CREATE TABLE t (a int[], b text, c text[] DEFAULT '{}', d jsonb DEFAULT '{}', e varchar(10)[] );
