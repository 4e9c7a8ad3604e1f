CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE a (n int) USING heap2;
CREATE TABLE b (n int);
