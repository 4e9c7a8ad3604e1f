CREATE SCHEMA s; CREATE COLLATION s."C ""c" (locale = 'C'); CREATE TABLE t (a text COLLATE s."C ""c"); ALTER COLLATION s."C ""c" OWNER TO "odd ""role";
