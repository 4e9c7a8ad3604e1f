"""A live database, migrations/ and sql/ -> Findings: whether they agree.

Desired state is executed, never parsed: both folders are loaded into scratch databases and read
back as the live database is.
"""

from schema_tool.verify.check import Check
from schema_tool.verify.verify import Sources, verify_database, verify_files

__all__ = ["Check", "Sources", "verify_database", "verify_files"]
