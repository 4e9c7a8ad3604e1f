CREATE TABLE orders (
    id integer NOT NULL,
    title text
);
CREATE TABLE places (
    id integer,
    title text
) PARTITION BY LIST (id);
CREATE TABLE places_rest PARTITION OF places DEFAULT;
