CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t TO app_reader, app_writer USING (true);
CREATE POLICY q ON t USING (true);
CREATE POLICY r ON t TO "odd ""role", "Admin" USING (true);
