DROP TABLE pipelines;
DROP FUNCTION fill_team_id;
DROP FUNCTION refuse_hidden_parent;
