SELECT m.umid, m.srvname, m.umuser::bigint, m.umoptions
FROM pg_catalog.pg_user_mappings AS m
