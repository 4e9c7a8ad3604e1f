CREATE TYPE old AS (a int, b text);
CREATE TYPE more AS (a int, b text, c int);
CREATE TYPE other AS (a int, d date);
CREATE TABLE gets_a_column OF more (PRIMARY KEY (a));
CREATE TABLE gets_settings_of_it OF more (c WITH OPTIONS NOT NULL DEFAULT 3);
CREATE TABLE trades_columns OF other (d WITH OPTIONS NOT NULL);
