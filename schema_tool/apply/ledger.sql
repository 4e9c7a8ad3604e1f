-- The ledger: what was applied to this database, by whom and how. Its layout has a version; a tool
-- that is older than the layout refuses to write. Numbers come from max() + 1, under the runner's
-- lock: a sequence in a database cloned from a template can repeat itself after a crash.
CREATE SCHEMA schema_tool;
REVOKE ALL ON SCHEMA schema_tool FROM PUBLIC;
COMMENT ON SCHEMA schema_tool IS 'Ledger of schema-tool: which migrations were applied';

CREATE TABLE schema_tool.layout (
    version INTEGER NOT NULL CONSTRAINT layout_pkey PRIMARY KEY,
    installed_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
COMMENT ON TABLE schema_tool.layout IS 'Version of these tables; the highest one counts';
INSERT INTO schema_tool.layout (version) VALUES (1);

CREATE TABLE schema_tool.migration (
    id TEXT NOT NULL CONSTRAINT migration_pkey PRIMARY KEY,
    position BIGINT NOT NULL CONSTRAINT migration_position_key UNIQUE,
    origin TEXT NOT NULL
        CONSTRAINT migration_origin_check CHECK (origin IN ('apply', 'baseline', 'yoyo')),
    state TEXT NOT NULL
        CONSTRAINT migration_state_check CHECK (state IN ('applied', 'running', 'reverting')),
    transactional BOOLEAN NOT NULL,
    depends TEXT[] NOT NULL,
    raw_hash TEXT NOT NULL,
    semantic_hash TEXT NOT NULL,
    apply_text TEXT,
    rollback_text TEXT,
    rollback_hash TEXT,
    applied_by TEXT NOT NULL DEFAULT session_user,
    applied_as TEXT NOT NULL DEFAULT current_user,
    applied_from TEXT NOT NULL,
    tool_version TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    duration INTERVAL
);
COMMENT ON TABLE schema_tool.migration IS 'One row for each migration that is applied or half applied';
COMMENT ON COLUMN schema_tool.migration.position IS 'Order in which migrations were applied';
COMMENT ON COLUMN schema_tool.migration.origin IS
'apply: run by this tool; baseline: adopted without running; yoyo: run by yoyo';
COMMENT ON COLUMN schema_tool.migration.state IS
'running, reverting: a non-transactional file stopped half-way; schema_tool.statement says where';
COMMENT ON COLUMN schema_tool.migration.semantic_hash IS
'SHA-256 of the tokens without comments and white space';
COMMENT ON COLUMN schema_tool.migration.apply_text IS
'The file as it was applied, where the project sets ledger_text to "full"; NULL elsewhere';
COMMENT ON COLUMN schema_tool.migration.rollback_text IS
'The rollback file as it was; NULL: there was none';
COMMENT ON COLUMN schema_tool.migration.applied_from IS 'Operating system user and host of the runner';
COMMENT ON COLUMN schema_tool.migration.duration IS 'NULL: not finished, or not run by this tool';

CREATE TABLE schema_tool.statement (
    migration_id TEXT NOT NULL
        CONSTRAINT statement_migration_id_fkey
        REFERENCES schema_tool.migration (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    direction TEXT NOT NULL
        CONSTRAINT statement_direction_check CHECK (direction IN ('apply', 'rollback')),
    state TEXT NOT NULL CONSTRAINT statement_state_check CHECK (state IN ('running', 'done')),
    text_hash TEXT NOT NULL,
    before JSONB,
    started_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    finished_at TIMESTAMPTZ,
    CONSTRAINT statement_pkey PRIMARY KEY (migration_id, direction, number)
);
COMMENT ON TABLE schema_tool.statement IS
'Progress of non-transactional files: the statements begun and done';

COMMENT ON COLUMN schema_tool.statement.before IS
'What the catalog showed before the statement; after a crash the difference tells its outcome. '
'NULL: it ran in a transaction, or no catalog shows its outcome';

CREATE TABLE schema_tool.event (
    id BIGINT NOT NULL CONSTRAINT event_pkey PRIMARY KEY,
    happened_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    action TEXT NOT NULL,
    migration_id TEXT NOT NULL,
    semantic_hash TEXT,
    done_by TEXT NOT NULL DEFAULT session_user,
    done_from TEXT NOT NULL,
    tool_version TEXT NOT NULL,
    reason TEXT
);
COMMENT ON TABLE schema_tool.event IS
'History, never changed: apply, post-apply, rollback, baseline, adopt, repair and resolve';
