"""Declared renames: lines such as `-- schema-tool: rename column pipelines.title to name`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tool.catalog.quoting import name, qualified
from schema_tool.errors import Location, UsageError
from schema_tool.plan.renames.arguments import printed_arguments
from schema_tool.sqltext import location_at, scan_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A comment that begins like one is one: a misspelt one must not be taken for a comment.
_LINE = re.compile(
    r"(?P<comment>--)[ \t]*(?P<mark>schema[-_ ]?tool[ \t]*:?)[ \t]*(?P<word>[\w-]+)(?P<rest>.*)",
    re.IGNORECASE,
)
_MARK = "schema-tool:"
_RENAME = "rename"
_NAME = r'(?:"(?:[^"]|"")*"|[^\s".();])+'
_DECLARATION = re.compile(
    rf"\s+(?P<what>\w+)\s+(?P<old>{_NAME}(?:\.{_NAME})*)(?:\s*\((?P<arguments>.*)\))?"
    rf"\s+(?i:to)\s+(?P<new>{_NAME}(?:\.{_NAME})*)\s*"
)
# What a schema holds by itself, and not as a part of something else there.
MOVABLE = ("table", "view", "sequence", "type", "function", "statistics")
# How many names tell one from all others.
_PARTS = {
    "schema": 1,
    **dict.fromkeys((*MOVABLE, "index"), 2),
    **dict.fromkeys(("column", "value", "constraint", "policy", "trigger"), 3),
}
# What else people call some of them.
_ALSO = {
    **dict.fromkeys(("procedure", "aggregate", "routine"), "function"),
    **dict.fromkeys(("domain", "enum"), "type"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """One rename; `parts` as in an identity, for an enum's value with the value last.

    `schema`: where it moves to, empty where it stays.
    """

    what: str
    parts: tuple[str, ...]
    new: str
    schema: str = ""

    @property
    def old(self) -> str:
        """The name that it has."""
        return self.parts[self._place]

    @property
    def _place(self) -> int:
        # A routine's name stands before its arguments.
        return 1 if self.what == "function" else -1

    def applied(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """The parts of an identity with the new name, and the new schema."""
        changed = list(parts)
        changed[self._place] = self.new
        if self.schema:
            changed[0] = self.schema
        return tuple(changed)

    @property
    def undoing(self) -> Rename:
        """The rename that takes it back."""
        schema = self.parts[0] if self.schema else ""
        parts = self.applied(self.parts)
        return Rename(what=self.what, parts=parts, new=self.old, schema=schema)

    @property
    def target(self) -> str:
        """What it is called afterwards, as it is declared."""
        return qualified(*filter(None, (self.schema, self.new)))

    @property
    def words(self) -> str:
        """What is renamed, as it is declared; the schema public is understood."""
        number = _PARTS[self.what]
        names = [name(part) for part in self.parts[:number]]
        text = ".".join(names[1:] if names[0] == "public" and len(names) > 1 else names)
        return f"{self.what} {text}" + "".join(f"({part})" for part in self.parts[number:])

    @property
    def line(self) -> str:
        """The declaration, to be pasted into a file of `sql/`."""
        return f"-- schema-tool: rename {self.words} to {self.target}"


def _names(text: str) -> list[str]:
    found = re.findall(_NAME, text)
    return [
        part[1:-1].replace('""', '"') if part.startswith('"') else part.lower() for part in found
    ]


def declared_renames(texts: Iterable[str]) -> tuple[Rename, ...]:
    """The renames that the files declare; the schema public is understood.

    Errors: UsageError for a comment that begins like a declaration and is none.
    """
    lines = [line for text in texts for line in _comments(text)]
    return tuple(_parsed(line) for line in lines if _declares(line))


def _comments(text: str) -> Iterator[re.Match[str]]:
    """The comments like declarations; not what stands in a text, a body or between /* and */."""
    found = list(_LINE.finditer(text))
    comments = {t.start for t in scan_tokens(text) if t.kind == "SQL_COMMENT"} if found else ()
    yield from (line for line in found if line.start("comment") in comments)


def _declares(line: re.Match[str]) -> bool:
    word = line["word"].lower()
    if line["mark"].lower() != _MARK:
        if word == _RENAME and _DECLARATION.fullmatch(line["rest"]):
            right = f"-- {_MARK} {_RENAME}{line['rest'].rstrip()}"
            raise _no_rename(line, f"write it so: {right}")
        return False
    if word == _RENAME:
        return True
    import difflib  # noqa: PLC0415 - only for what may be an error

    if difflib.get_close_matches(word, [_RENAME]):
        raise _no_rename(line)
    return False


def _parsed(line: re.Match[str]) -> Rename:
    match = _DECLARATION.fullmatch(line["rest"])
    word = match["what"].lower() if match else ""
    what = _ALSO.get(word, word)
    parts = _names(match["old"]) if match else []
    number = _PARTS.get(what, 0)
    if match is None or not number or not max(number - 1, 1) <= len(parts) <= number:
        raise _no_rename(line)
    if len(parts) < number:
        parts = ["public", *parts]
    schema = _schema(parts, _names(match["new"]), what, line)
    if what == "function":
        try:
            parts.append(printed_arguments(match["arguments"] or ""))
        except ValueError as error:
            raise _no_rename(line) from error
    return Rename(what=what, parts=tuple(parts), new=_names(match["new"])[-1], schema=schema)


def _no_rename(line: re.Match[str], hint: str = "") -> UsageError:
    example = f"-- {_MARK} rename column orders.title to name; also {', '.join(_PARTS)}"
    return UsageError(
        f"this line declares no rename: {line[0].strip()}",
        hint=hint or example,
        location=_place(line),
    )


def _place(line: re.Match[str]) -> Location:
    return location_at(line.string, line.start("comment"), "")


def _schema(old: list[str], new: list[str], what: str, line: re.Match[str]) -> str:
    """The schema that the new name moves it to; all but the last of its names may be repeated."""
    above = new[:-1]
    if not above or above == old[-len(new) : -1]:
        return ""
    if what in MOVABLE and len(new) == _PARTS[what]:
        return new[0]
    raise UsageError(
        f"a rename leaves this where it is: {line[0].strip()}",
        location=_place(line),
        hint=f"with its name alone: … to {name(new[-1])}; into another schema can move: "
        + ", ".join(MOVABLE),
    )
