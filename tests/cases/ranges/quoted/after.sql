CREATE SCHEMA "S x"; CREATE TYPE "S x"."R r" AS RANGE (subtype = numeric, multirange_type_name = "S x"."N ""n"); CREATE TABLE "T" ("C c" "S x"."R r" DEFAULT '[1,3)', d "S x"."N ""n");
