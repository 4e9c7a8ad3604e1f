"""Answers: the rows of many queries, fetched beside the work on those that came before."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

    from schema_tool.catalog.families.reading import Row


class Answers:
    """Rows by the name of their family, each waited for when it is first asked for.

    A thread sends the queries, those of one round trip together, and takes their rows from the
    socket while the ones before become models: the server never waits for us.
    """

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        trips: Sequence[Mapping[str, str]],
        parameters: dict[str, object],
    ) -> None:
        self._connection = connection
        self._parameters = parameters
        self._rows: dict[str, Future[list[Row]]] = {
            family: Future() for trip in trips for family in trip
        }
        self._awaited = dict(self._rows)
        self._thread = Thread(target=self._fetch, args=(trips,), daemon=True)
        self._thread.start()

    def _fetch(self, trips: Sequence[Mapping[str, str]]) -> None:
        try:
            for trip in trips:
                self._travel(trip)
        except BaseException as error:
            for rows in self._awaited.values():
                rows.set_exception(error)

    def _travel(self, trip: Mapping[str, str]) -> None:
        with self._connection.pipeline():
            cursors = {
                family: self._connection.execute(
                    text.encode(), self._parameters if "%(" in text else None
                )
                for family, text in trip.items()
            }
            for family in trip:
                # The driver's copy of a family goes with its cursor.
                rows = cursors.pop(family).fetchall()
                self._awaited.pop(family).set_result(rows)
                del rows

    def __call__(self, family: str) -> list[Row]:
        """Hand out a family's rows, once: whoever builds from them lets them go.

        None of one that was not asked for.
        """
        return self._rows.pop(family).result() if family in self._rows else []

    def __enter__(self) -> Answers:
        return self

    def __exit__(self, *_: object) -> None:
        """Wait until nothing more uses the connection."""
        self._thread.join()
