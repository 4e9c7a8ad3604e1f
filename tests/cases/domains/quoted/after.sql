CREATE SCHEMA "S s"; CREATE DOMAIN "S s"."D d" AS varchar(20) CONSTRAINT "c ""r""" CHECK (VALUE <> 'it''s not'); CREATE TABLE t ("X y" "S s"."D d" DEFAULT 'b', z "S s"."D d"[]);
