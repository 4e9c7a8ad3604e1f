DROP TABLE presence;
DROP FUNCTION expire_presence;
DROP FUNCTION touch_presence;
DROP FUNCTION cap_last_seen;
