"""Casts of columns and numbers, without the brackets that the server prints around what is cast."""

from __future__ import annotations

import re

from schema_tool.catalog.normal import QUOTED

_NAME = r'(?:[A-Za-z_]\w*|"(?:[^"]|"")+")'
# After a name or a bracket one opens the arguments of a call.
_CAST = re.compile(
    rf"""(\$[A-Za-z_0-9]*\$).*?\1|(?<![\w"\])])\((?P<cast>{_NAME}(?:\.{_NAME})*|\d+(?:\.\d+)?)\)(?=::)
    |{QUOTED}""",
    re.DOTALL | re.VERBOSE,
)


def with_bare_casts(text: str) -> str:
    """The statement with `(name)::text` as people write it: the grammar drops such brackets."""
    if ")::" not in text:
        return text
    return _CAST.sub(lambda found: found["cast"] or found[0], text)
