INSERT INTO destination_rooms_sticky_events_backlog VALUES ('a', 1);
INSERT INTO old_destination_rooms_sticky_events_backlog_1 VALUES (1, 1);
