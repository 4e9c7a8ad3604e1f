CREATE TABLE "new
line" (id bigint, "a
b" int);
CREATE TABLE "other
line" (id bigint PRIMARY KEY);
