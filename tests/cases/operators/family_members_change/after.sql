CREATE OPERATOR FAMILY f USING btree;
ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 1 > (int, bigint), OPERATOR 2 <= (int, bigint), FUNCTION 1 (bigint, int) btint84cmp(bigint, int);
COMMENT ON OPERATOR FAMILY f USING btree IS 'mixed';
