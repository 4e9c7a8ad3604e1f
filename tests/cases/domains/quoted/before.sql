CREATE SCHEMA "S s"; CREATE DOMAIN "S s"."D d" AS text CONSTRAINT "c ""q""" CHECK (VALUE <> 'it''s'); CREATE TABLE t ("X y" "S s"."D d" DEFAULT 'a', z "S s"."D d"[]);
