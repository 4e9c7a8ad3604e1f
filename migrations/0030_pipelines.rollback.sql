DROP TABLE pipelines;
DROP FUNCTION fill_team_id;
