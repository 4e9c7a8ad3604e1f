CREATE TABLE t (a int); COMMENT ON TABLE t IS E'tab\there\nline\\back '' quote "double" $$dollar$$ ünï ☃'; COMMENT ON COLUMN t.a IS '/* not a comment */';
