-- What a connection leads to, in the order of `describe`.
SELECT current_database(), session_user::text, current_user::text,
       current_setting('server_version'), pg_is_in_recovery();
