"""SQL text -> statements with positions, tokens, fingerprints.

PostgreSQL's own scanner (libpg_query, through postgast) reads the text; nothing here interprets it.
"""

from schema_tool.sqltext.fingerprint import raw_hash, semantic_hash
from schema_tool.sqltext.statements import Statement, split_statements
from schema_tool.sqltext.tokens import (
    Token,
    hide_secrets,
    location_at,
    scan_tokens,
    without_secrets,
)

__all__ = [
    "Statement",
    "Token",
    "hide_secrets",
    "location_at",
    "raw_hash",
    "scan_tokens",
    "semantic_hash",
    "split_statements",
    "without_secrets",
]
