CREATE SEQUENCE s3;
CREATE TABLE t (a int DEFAULT nextval('s3'), b bigint, c text DEFAULT lastval()::text);
ALTER SEQUENCE s3 OWNED BY t.b;
