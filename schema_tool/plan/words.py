"""The names that a routine's text may be using."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")


@lru_cache(maxsize=1024)
def names_in_body(body: str) -> frozenset[str]:
    """Every word of the text, folded; a guess, good enough for an order that may be wrong."""
    return frozenset(word.lower() for word in _WORD.findall(body))
