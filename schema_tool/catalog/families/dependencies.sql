-- Two texts of the same rows, for dependencies.py: a plan looks at few of them, a comparison never.
-- The triggers behind a foreign key are its own and nothing else's. What names a schema by a constant
-- is no object that lies in it: a default, a constraint, a trigger, a rule or a view's query, a policy,
-- an index; a routine may lie elsewhere.
SELECT
    string_agg(e.edge, ',' ORDER BY e.objid),
    string_agg(e.edge, ',' ORDER BY e.refobjid)
FROM (
    SELECT
        d.objid,
        d.refobjid,
        concat_ws(' ', d.classid::bigint, d.objid, d.objsubid, d.refclassid::bigint, d.refobjid, d.refobjsubid, d.deptype) AS edge
    FROM pg_catalog.pg_depend AS d
    WHERE
        d.objid >= 16384 AND d.refobjid >= 16384
        AND (
            d.refclassid <> 2615
            OR d.classid IN (2604, 2606, 2618, 2620, 3256)
            OR (d.classid = 1259 AND d.objid IN (SELECT i.indexrelid FROM pg_catalog.pg_index AS i))
            OR (
                d.classid = 1255
                AND d.refobjid <> (SELECT p.pronamespace FROM pg_catalog.pg_proc AS p WHERE p.oid = d.objid)
            )
        )
        AND NOT (d.classid = 2620 AND d.deptype = 'i')
    -- Without it the rows would be printed twice.
    OFFSET 0
) AS e
