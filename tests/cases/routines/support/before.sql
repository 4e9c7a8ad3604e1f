CREATE FUNCTION sup(internal) RETURNS internal LANGUAGE internal AS 'generate_series_int4_support';
CREATE FUNCTION gs(int,int) RETURNS SETOF int LANGUAGE internal STRICT AS 'generate_series_int4' ;
