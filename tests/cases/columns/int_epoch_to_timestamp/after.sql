CREATE TABLE t (a timestamptz, b timestamp DEFAULT now(), c interval, d date DEFAULT current_date);
