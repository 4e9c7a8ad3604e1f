DROP TABLE steps;
DROP FUNCTION refuse_step_cycle;
