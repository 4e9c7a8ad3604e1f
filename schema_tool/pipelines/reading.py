"""What PyYAML reads of a file, compared with what the database read."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

from schema_tool.errors import FailedError, Location

if TYPE_CHECKING:
    from pathlib import Path

# line breaks, or nothing, to YAML 1.1, to which PyYAML keeps; characters like any other to 1.2
_OTHER_IN_1_1 = re.compile("[\x85\u2028\u2029\ufeff]")
# what YAML 1.2's core schema makes of plain text; all else is a text
_CORE = {
    "bool": (r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    "null": (r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    "int": (r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    "float": (
        r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$",
        "-+.0123456789",
    ),
    "merge": ("^<<$", "<"),
}


class _CoreLoader(yaml.SafeLoader):
    """PyYAML with the core schema of YAML 1.2; keys are texts, as in JSON."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own class attribute
    yaml_constructors = {  # noqa: RUF012
        tag: construct
        for tag, construct in yaml.SafeLoader.yaml_constructors.items()
        if tag is not None and tag.rpartition(":")[2] in {"null", "bool", "str", "seq"}
    }

    def construct_scalar(self, node: yaml.Node) -> Any:
        """Read a scalar; PyYAML leaves an escaped surrogate pair as two halves."""
        text = super().construct_scalar(node)  # type: ignore[arg-type]
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:  # a half without its other half
            return text


def _construct_mapping(loader: _CoreLoader, node: yaml.MappingNode) -> dict[str, Any]:
    loader.flatten_mapping(node)
    return {
        loader.construct_scalar(key): loader.construct_object(value, deep=True)
        for key, value in node.value
    }


def _construct_number(loader: _CoreLoader, node: yaml.ScalarNode) -> Decimal:
    text = str(loader.construct_scalar(node))
    base = {"0o": 8, "0x": 16}.get(text[:2])
    return Decimal(int(text[2:], base)) if base else Decimal(text)


def _construct_unknown(loader: _CoreLoader, node: yaml.Node) -> Any:
    """A tag that is not of the core schema is ignored."""
    if isinstance(node, yaml.MappingNode):
        return _construct_mapping(loader, node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    plain = getattr(node, "style", None) is None
    node.tag = loader.resolve(type(node), node.value, (plain, not plain))  # type: ignore[no-untyped-call]
    return loader.construct_object(yaml.ScalarNode(node.tag, node.value), deep=True)


for _name, (_pattern, _first) in _CORE.items():
    _CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_name}", re.compile(_pattern), list(_first)
    )
_CoreLoader.add_constructor("tag:yaml.org,2002:int", _construct_number)
_CoreLoader.add_constructor("tag:yaml.org,2002:float", _construct_number)
_CoreLoader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)
_CoreLoader.add_constructor(None, _construct_unknown)


def check_same_reading(path: Path, text: str, stored: Any) -> str:
    """Refuse a file that PyYAML reads differently from the database.

    Returns a note when PyYAML, which is of YAML 1.1, cannot be asked; else nothing.
    Errors: FailedError.
    """
    if _OTHER_IN_1_1.search(text):
        return "not compared with PyYAML: it has characters that are line breaks in YAML 1.1"
    try:
        expected = yaml.load(text, _CoreLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1})" if mark else ""
        return f"not compared with PyYAML, which cannot read it{place}"
    if not _is_same(expected, stored):
        raise FailedError(
            "the database and PyYAML read different values",
            location=Location(path=str(path), line=1, text=text.split("\n", 1)[0]),
            hint="report the file; until then, quote the texts that could be read in two ways",
        )
    return ""


def _is_same(left: Any, right: Any) -> bool:
    """Equal, true and 1 being different."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_is_same(left[k], right[k]) for k in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_is_same, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)
