"""parse_yaml against a loop that only visits every character, and over growing texts."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from schema_tool.server.binaries import find_binaries
from schema_tool.server.cluster import start, stop
from tests.benchmarks.measure import print_ratios, take_turns
from tests.integration.schema.world import load_schema

VISIT = """
CREATE FUNCTION visit(content TEXT) RETURNS INTEGER LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    characters TEXT[] := string_to_array(content, NULL);
    one TEXT;
BEGIN
    FOR i IN 1..cardinality(characters) LOOP
        one := characters[i];
    END LOOP;
    RETURN 0;
END;
$$
"""
STEP = """\
  - name: step_{n}
    type: claude
    description: "Step number {n} of many"
    timeout_seconds: {n}
    claude_options:
      max_turns: 3
      temperature: 0.25  # low
      allowed_tools: ["Read", "Write"]
    prompt:
      - type: static
        content: |
          Look at the result of step {n}
          and write: what you see.

          Then stop.
      - type: previous_response
        step: step_{n}
"""


def pipeline(size: int) -> str:
    """A pipeline file of about `size` characters."""
    steps, length = ["steps:\n"], 0
    while length < size:
        steps.append(STEP.format(n=len(steps)))
        length += len(steps[-1])
    return "".join(steps)


def call(connection: psycopg.Connection[Any], function: str, text: str) -> None:
    """Run a function of a text on the server, without sending its result."""
    connection.execute(f"SELECT {function}(%s) IS NULL".encode(), [text]).fetchone()


@contextmanager
def schema() -> Iterator[psycopg.Connection[Any]]:
    """A server of its own with sql/ loaded, thrown away at the end."""
    with tempfile.TemporaryDirectory(prefix="schema-tool-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        running = start(folder / "server", find_binaries(), settings={"fsync": "off"})
        try:
            load_schema(running.conninfo("postgres"))
            with psycopg.connect(running.conninfo("postgres"), autocommit=True) as connection:
                yield connection
        finally:
            stop(running.directory, mode="immediate")


def main() -> None:
    """Print the ratios."""
    small, middle, large = pipeline(10_000), pipeline(100_000), pipeline(1_000_000)
    with schema() as connection:
        connection.execute(VISIT.encode())
        seconds = take_turns(
            {
                "visit 10 kB": lambda: call(connection, "visit", small),
                "parse 10 kB": lambda: call(connection, "parse_yaml", small),
            },
            rounds=30,
        )
        print_ratios(seconds, floor="visit 10 kB")
        seconds = take_turns(
            {
                "parse 10 kB": lambda: call(connection, "parse_yaml", small),
                "parse 100 kB": lambda: call(connection, "parse_yaml", middle),
                "parse 1 MB": lambda: call(connection, "parse_yaml", large),
            },
            rounds=5,
        )
        print_ratios(seconds, floor="parse 10 kB")
    sys.stdout.write(f"{len(small)}, {len(middle)} and {len(large)} characters\n")


if __name__ == "__main__":
    main()
