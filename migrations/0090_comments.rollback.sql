DROP TABLE comments;
DROP FUNCTION guard_comment;
DROP FUNCTION fill_comment_pipeline;
