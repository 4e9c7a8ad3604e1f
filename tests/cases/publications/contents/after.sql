CREATE TABLE a(id int primary key, b varchar(50), d int); CREATE TABLE b(id int primary key); CREATE SCHEMA s; CREATE TABLE s.x(id int primary key);
CREATE TABLE c(id int primary key);
CREATE PUBLICATION p1 FOR TABLE a, c;
CREATE PUBLICATION p2 FOR ALL TABLES WITH (publish = 'insert, delete', publish_via_partition_root);
CREATE PUBLICATION p3 FOR TABLES IN SCHEMA s, public;
CREATE PUBLICATION p4 FOR TABLE a (id, d) WHERE (id > 6 AND b <> 'x');
CREATE PUBLICATION p5 FOR TABLE b;
CREATE PUBLICATION p6;
ALTER PUBLICATION p1 OWNER TO alice;
