"""Folders -> Script, Migration."""

from schema_tool.source.migrations import Migration, read_migrations
from schema_tool.source.scripts import (
    Script,
    read_cluster_scripts,
    read_schema_scripts,
    read_script,
    read_text,
)

__all__ = [
    "Migration",
    "Script",
    "read_cluster_scripts",
    "read_migrations",
    "read_schema_scripts",
    "read_script",
    "read_text",
]
