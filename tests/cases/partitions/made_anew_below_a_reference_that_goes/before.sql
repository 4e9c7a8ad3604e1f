-- A partition that is made anew has its own copies of what goes from the whole.
CREATE FUNCTION is_known(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 <> ''unknown''';
CREATE TABLE account (id integer PRIMARY KEY);
CREATE TABLE event (
    account integer NOT NULL REFERENCES account,
    kind text NOT NULL CONSTRAINT known CHECK (is_known(kind))
) PARTITION BY RANGE (account);
CREATE TABLE event_low PARTITION OF event FOR VALUES FROM (0) TO (100) PARTITION BY LIST (kind);
CREATE TABLE event_low_rest PARTITION OF event_low DEFAULT;
