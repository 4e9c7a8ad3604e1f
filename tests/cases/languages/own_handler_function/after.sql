CREATE FUNCTION h2() RETURNS language_handler LANGUAGE internal AS 'fmgr_c_validator'; CREATE LANGUAGE l HANDLER h2;
