CREATE TABLE t(id int);
CREATE POLICY "p 1" ON t TO PUBLIC USING (id > (SELECT max(id) FROM t));
CREATE POLICY p2 ON t TO app_writer, app_reader USING (true);
CREATE POLICY p3 ON t FOR UPDATE TO app_reader USING (id > 1) WITH CHECK (id > 2);
CREATE POLICY p4 ON t FOR UPDATE TO app_reader USING (id IN (1,2)) WITH CHECK (id IN (SELECT id FROM t));
