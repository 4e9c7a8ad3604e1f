CREATE TABLE org(id bigint primary key, n text);
CREATE TABLE mem(org bigint references org, usr text, role text NOT NULL DEFAULT 'x');
CREATE TABLE doc(id int, org bigint references org);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY; ALTER TABLE mem ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON doc USING (org IN (SELECT m.org FROM mem m WHERE m.usr = current_user AND m.role = 'x'));
CREATE POLICY q ON mem USING (EXISTS (SELECT FROM doc d WHERE d.org = mem.org));
