"""Style (sqlfluff), static dangers (squawk), syntax (PostgreSQL's parser) -> Findings.

Needs neither a database nor credentials. The linters are the extra `[lint]` and are imported
only when files are linted.
"""

from schema_tool.lint.check import LintResult, lint

__all__ = ["LintResult", "lint"]
