-- The partitions' keys and indexes are numbered as their parent's were made, whatever their names.
CREATE TABLE thing (id integer NOT NULL, sub text);
