SELECT e.oid, e.evtname, e.evtowner, e.evtevent::text, e.evttags, e.evtfoid::regproc::text, e.evtenabled::text
FROM pg_catalog.pg_event_trigger AS e
