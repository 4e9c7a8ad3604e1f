CREATE TABLE "T t" ("A a" int, "select" int); CREATE RULE "R ""r" AS ON INSERT TO "T t" WHERE NEW."select" > 0 DO INSTEAD NOTHING; COMMENT ON RULE "R ""r" ON "T t" IS 'it''s';
