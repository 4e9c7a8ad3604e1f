CREATE SCHEMA "S x"; CREATE TYPE "S x"."R r" AS RANGE (subtype = int, multirange_type_name = "S x"."M ""m"); CREATE TABLE "T" ("C c" "S x"."R r" DEFAULT '[1,2)', d "S x"."M ""m");
