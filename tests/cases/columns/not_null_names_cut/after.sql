CREATE TABLE destination_rooms_sticky_events_backlog (
    destination text,
    sticky_events_stream_position int NOT NULL
);
CREATE TABLE destination_rooms_sticky_events_backlog_2 (
    sticky_events_stream_position int NOT NULL
);
CREATE TABLE old_destination_rooms_sticky_events_backlog_1 (
    sticky_events_stream_position bigint NOT NULL,
    sticky_events_stream_position_also int NOT NULL DEFAULT 0
);
CREATE TABLE old_destination_rooms_sticky_events_backlog_2 (
    sticky_events_stream_position int NOT NULL
) PARTITION BY LIST (sticky_events_stream_position);
