CREATE ACCESS METHOD "Heap ""2" TYPE TABLE HANDLER heap_tableam_handler; COMMENT ON ACCESS METHOD "Heap ""2" IS 'q'; CREATE TABLE t (a int) USING "Heap ""2";
