-- One text, a line for each edge: the plan reads it, a comparison never does.
SELECT string_agg(
    concat_ws(' ', d.classid::bigint, d.objid, d.objsubid, d.refclassid::bigint, d.refobjid, d.refobjsubid, d.deptype),
    E'\n'
)
FROM pg_catalog.pg_depend AS d
WHERE d.objid >= 16384 AND d.refobjid >= 16384 AND d.refclassid <> 2615
