"""Two hashes of an SQL file: of its bytes, and of what it means to the server."""

from __future__ import annotations

import hashlib

from schema_tool.sqltext.tokens import scan_tokens


def raw_hash(text: str) -> str:
    """SHA-256 of the text as UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def semantic_hash(text: str, *, headers: tuple[str, ...] = (), path: str = "") -> str:
    """SHA-256 over the tokens without comments and white space, hexadecimal.

    Key words and unquoted names count in lower case, as the server folds them; literals and
    `$$` bodies count letter by letter. `headers` are the directives in the leading comment that
    change what a runner does: they count although they are comments. `path` is for errors.
    """
    digest = hashlib.sha256()
    for header in headers:
        digest.update(header.encode() + b"\n")
    for token in scan_tokens(text, path):
        if token.is_comment:
            continue
        word = text[token.start : token.end]
        folds = token.keyword or (token.kind == "IDENT" and not word.startswith(('"', "U&", "u&")))
        digest.update((word.lower() if folds else word).encode() + b"\0")
    return digest.hexdigest()
