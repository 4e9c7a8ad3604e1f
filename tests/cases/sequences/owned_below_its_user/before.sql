-- Its owner stands on the table whose default uses it: it leaves the owner before both go.
CREATE TABLE kept (a integer);

CREATE SEQUENCE numbers;
CREATE TABLE account (id bigint CONSTRAINT account_pkey PRIMARY KEY DEFAULT nextval('numbers'));
CREATE TABLE booking (account_id bigint CONSTRAINT booking_fkey REFERENCES account (id), n bigint);
ALTER SEQUENCE numbers OWNED BY booking.n;

CREATE SEQUENCE stays;
CREATE TABLE event (id bigint DEFAULT nextval('stays'));
CREATE TABLE login (n bigint) INHERITS (event);
ALTER SEQUENCE stays OWNED BY login.n;

CREATE SEQUENCE goes;
CREATE TABLE place (id bigint DEFAULT nextval('goes'));
CREATE TABLE room (n bigint DEFAULT nextval('goes')) INHERITS (place);
ALTER SEQUENCE goes OWNED BY room.n;
