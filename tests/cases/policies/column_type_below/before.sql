CREATE TABLE t (a int, team text); ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t TO app_reader USING (team = current_setting('app.team', true)) WITH CHECK (a > 0);
COMMENT ON POLICY p ON t IS 'team';
