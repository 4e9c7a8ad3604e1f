CREATE TABLE a (n bigint, o text);
CREATE TABLE m (n bigint, u text);
CREATE POLICY p ON a USING (EXISTS (SELECT 1 FROM m WHERE m.n = a.n AND m.u = current_user));
CREATE POLICY q ON a FOR INSERT TO app_reader WITH CHECK (o = 'x');
