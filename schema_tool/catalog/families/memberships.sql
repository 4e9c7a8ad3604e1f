-- Who is a member of which role, whoever granted it; read on request only.
SELECT
    m.roleid::bigint,
    m.member::bigint,
    bool_or(m.admin_option),
    bool_or(m.inherit_option), -- since 16
    TRUE, -- before 16
    bool_or(m.set_option), -- since 16
    TRUE, -- before 16
    array_agg(m.grantor::bigint)
FROM pg_catalog.pg_auth_members AS m
INNER JOIN pg_catalog.pg_roles AS r ON m.member = r.oid
WHERE
    r.rolname !~ '^pg_'
    -- what CREATE ROLE gives to whoever may create roles and is no superuser
    AND NOT (m.grantor = 10 AND m.admin_option AND NOT m.inherit_option AND NOT m.set_option) -- since 16
GROUP BY m.roleid, m.member
