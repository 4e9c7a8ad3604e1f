CREATE SCHEMA "S x"; CREATE TYPE "S x"."C c" AS ("a b" int, "it's" text); ALTER TYPE "S x"."C c" OWNER TO app_writer; GRANT USAGE ON TYPE "S x"."C c" TO app_reader; CREATE TABLE t (v "S x"."C c");
