CREATE TABLE org(id int primary key, n text);
CREATE TABLE mem(org int references org, u text);
CREATE TABLE doc(id int, org int references org);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON doc USING (org IN (SELECT m.org FROM mem m WHERE m.u = current_user));
CREATE POLICY q ON mem USING (EXISTS (SELECT FROM doc d WHERE d.org = mem.org));
