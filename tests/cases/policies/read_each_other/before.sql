CREATE TABLE org (id int PRIMARY KEY, n text);
CREATE TABLE mem (org int REFERENCES org, u text);
CREATE TABLE doc (id int, org int REFERENCES org);
CREATE POLICY p ON doc USING (org IN (SELECT m.org FROM mem AS m WHERE m.u = current_user));
CREATE POLICY q ON mem USING (EXISTS (SELECT FROM doc AS d WHERE d.org = mem.org));
CREATE TABLE a (n int);
CREATE TABLE b (n int);
CREATE RULE r AS ON INSERT TO a DO ALSO INSERT INTO b VALUES (new.n);
CREATE RULE r AS ON DELETE TO b DO ALSO DELETE FROM a WHERE a.n = old.n;
