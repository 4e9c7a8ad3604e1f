CREATE TABLE rooms (
    id integer NOT NULL,
    name text,
    CONSTRAINT rooms_id_key UNIQUE (id)
);
CREATE TABLE beds (
    room integer,
    CONSTRAINT beds_room_fkey FOREIGN KEY (room) REFERENCES rooms (id)
);
