CREATE TABLE t (a int); CREATE TABLE members (a int, who name, until date);
CREATE VIEW mine AS SELECT until, a FROM members WHERE who = current_user;
CREATE FUNCTION may(y int, strict bool DEFAULT true) RETURNS bool LANGUAGE sql STABLE AS 'SELECT EXISTS (SELECT FROM public.mine WHERE a = y AND until > now())';
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (may(a)); CREATE POLICY q ON t FOR UPDATE USING (a IN (SELECT a FROM mine));
