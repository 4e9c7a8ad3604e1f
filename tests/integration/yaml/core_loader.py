"""PyYAML with the core schema of YAML 1.2, to compare with."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import yaml


class CoreLoader(yaml.SafeLoader):
    """Reads plain scalars by YAML 1.2.2, section 10.3.2; numbers with a fraction as Decimal."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own class attribute


def _number(loader: CoreLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node))


def _integer(loader: CoreLoader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    bases = {"0o": 8, "0x": 16}
    return int(text[2:], bases[text[:2]]) if text[:2] in bases else int(text)


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    (
        "float",
        r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$",
        "-+.0123456789",
    ),
):
    CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first)
    )
CoreLoader.add_constructor("tag:yaml.org,2002:float", _number)
CoreLoader.add_constructor("tag:yaml.org,2002:int", _integer)


def _mapping(loader: CoreLoader, node: yaml.MappingNode) -> dict[str, Any]:
    # as parse_yaml does: a key is its text as written
    return {key.value: loader.construct_object(value, deep=True) for key, value in node.value}


CoreLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def core_load(text: str) -> Any:
    """The value of a YAML text by the core schema."""
    return yaml.load(text, CoreLoader)  # noqa: S506 - a SafeLoader
