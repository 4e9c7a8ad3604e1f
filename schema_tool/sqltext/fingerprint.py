"""Two hashes of an SQL file: of its bytes, and of what it means to the server."""

from __future__ import annotations

import hashlib

from schema_tool.sqltext.tokens import scan_pieces, token_kinds


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
    kinds = token_kinds()
    comments = {kinds["SQL_COMMENT"], kinds["C_COMMENT"]}
    name = kinds["IDENT"]
    for piece in scan_pieces(text, path):
        data = piece.data
        words = []
        for token in piece.tokens:
            kind = token.token
            if kind in comments:
                continue
            word = data[token.start : token.end]
            if token.keyword_kind or (kind == name and not word.startswith(_QUOTED)):
                word = word.lower() if word.isascii() else word.decode().lower().encode()
            words.append(word + b"\0")
        digest.update(b"".join(words))
    return digest.hexdigest()


_QUOTED = (b'"', b"U&", b"u&")
