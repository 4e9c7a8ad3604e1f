CREATE TABLE a (n int, o text);
CREATE TABLE m (n int, u text);
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (EXISTS (SELECT 1 FROM m WHERE m.n = a.n AND m.u = current_user));
