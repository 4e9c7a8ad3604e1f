CREATE SCHEMA "S s"; CREATE TYPE "S s"."E e" AS ENUM ('a'); CREATE TYPE "K" AS (x int);
