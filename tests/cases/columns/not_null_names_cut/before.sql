CREATE TABLE destination_rooms_sticky_events_backlog (
    destination text,
    sticky_events_stream_position int
);
CREATE TABLE old_destination_rooms_sticky_events_backlog_1 (
    sticky_events_stream_position int NOT NULL,
    sticky_events_stream_position_too int NOT NULL
);
