"""What else `apply` would refuse: headers that say nothing, secrets in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.apply.limits import Limits
from schema_tool.apply.secret import refuse_secrets
from schema_tool.errors import UsageError
from schema_tool.findings import Finding
from schema_tool.source.migrations import read_headers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.lint.files import LintFile

RULE = "refused"


def check_refused(file: LintFile) -> Iterator[Finding]:
    """Find what `apply` would refuse of a file before it begins."""
    script = file.script
    try:
        Limits().for_file(read_headers(script.text), script.name)
    except UsageError as error:
        yield _finding(error)
    for statement in script.statements():
        try:
            refuse_secrets((statement,), script)
        except UsageError as error:
            yield _finding(error)


def _finding(error: UsageError) -> Finding:
    return Finding(rule=RULE, message=error.message, location=error.location, hint=error.hint)
