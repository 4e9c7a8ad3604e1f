"""Data flows one way: a module imports only from packages that stand before its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "schema_tool"
ORDER = [
    *("errors", "config", "findings", "hazards", "sqltext", "source", "server"),
    *("catalog", "compare"),
    *("plan", "trace", "apply", "lint", "verify", "report", "cli"),
]
# cli's command behind the schema's own functions; it may use everything
APPLICATION = "pipelines"


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def area(module: str) -> str:
    """`schema_tool.server.lock` -> `server`."""
    return module.split(".")[1] if "." in module else ""


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module
            found.add(node.module)
            if node.module == "schema_tool":
                found |= {f"schema_tool.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] == "schema_tool"}


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_stands_before_it(path: Path) -> None:
    relative = path.relative_to(PACKAGE)
    own = relative.parts[0].removesuffix(".py")
    if own in {"__init__", "__main__", APPLICATION}:
        return
    assert own in ORDER, f"{own} has no place in the order of packages"
    for module in imports(path):
        other = area(module)
        if other in {"", "__version__"}:
            continue
        allowed = [*ORDER[: ORDER.index(own) + 1]]
        if own == "cli":
            allowed.append(APPLICATION)
        assert other in allowed, f"{relative} imports {module}"


def test_packages_hold_nothing_called_utils() -> None:
    banned = {"utils", "helpers", "common", "manager", "misc"}
    assert not [p for p in modules() if p.stem in banned]


def test_files_can_be_read() -> None:
    long = {p.name: n for p in modules() if (n := p.read_text().count("\n")) > 400}
    assert not long
