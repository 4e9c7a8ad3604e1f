"""What waits for itself, round a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set

_Key = TypeVar("_Key")


def circles(waits: Mapping[_Key, Set[_Key]]) -> Iterator[list[_Key]]:
    """The strongly connected components. Source: Tarjan's algorithm, without recursion."""
    number: dict[_Key, int] = {}
    lowest: dict[_Key, int] = {}
    path: list[_Key] = []
    on_path: set[_Key] = set()
    for start in waits:
        if start in number:
            continue
        work = [(start, iter(waits.get(start, ())))]
        while work:
            node, rest = work[-1]
            if node not in number:
                number[node] = lowest[node] = len(number)
                path.append(node)
                on_path.add(node)
            for other in rest:
                if other not in number:
                    work.append((other, iter(waits.get(other, ()))))
                    break
                if other in on_path:
                    lowest[node] = min(lowest[node], number[other])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == number[node]:
                    found = [path.pop()]
                    while found[-1] != node:
                        found.append(path.pop())
                    on_path.difference_update(found)
                    yield found
