CREATE TABLE "new
line" (id bigint, "a
b" text, "c
DROP TABLE d" text);
