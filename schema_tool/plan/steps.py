"""Step and Plan: what is to be run, and what it costs others."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from schema_tool.hazards import DESTRUCTIVE, Hazard

if TYPE_CHECKING:
    from schema_tool.catalog import Identity
    from schema_tool.compare import Action


class LockMode(StrEnum):
    """Table locks that others can feel, from the weakest to the strongest."""

    SHARE_UPDATE_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE"
    SHARE = "SHARE"
    SHARE_ROW_EXCLUSIVE = "SHARE ROW EXCLUSIVE"
    EXCLUSIVE = "EXCLUSIVE"
    ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """One hazard of one step: the lock that it takes, whether it rewrites, what it destroys.

    `fails`: where the step cannot be carried out. `keeps`: what stays though it would now differ.
    `depends`: on what of the session that runs it the outcome does.
    """

    hazard: Hazard
    lock: LockMode | None = None
    rewrites: bool = False
    loses: str = ""
    fails: str = ""
    keeps: str = ""
    depends: str = ""

    @property
    def destructive(self) -> bool:
        """Whether it is refused until it is allowed by name."""
        narrows = self.hazard is Hazard.CHANGE_TYPE and bool(self.fails)
        return self.hazard in DESTRUCTIVE and (bool(self.loses) or narrows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One SQL statement without its semicolon.

    `alone`: it refuses to run inside a transaction. `commits`: what follows may need it to be
    committed. `apart`: a transaction of its own keeps its lock short. `secrets`: literals in it
    that no file may hold, each with the name of the variable that stands for it there.
    """

    sql: str
    dangers: tuple[Danger, ...] = ()
    alone: bool = False
    commits: bool = False
    apart: bool = False
    secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One statement of a plan, for one object, with its reason.

    `parts`: the steps that one command does together, each for an object of one table.
    """

    identity: Identity
    action: Action
    statement: Statement
    reason: str = ""
    parts: tuple[Step, ...] = ()

    @property
    def sql(self) -> str:
        """The statement's text."""
        return self.statement.sql

    @property
    def each(self) -> tuple[Step, ...]:
        """The steps that it does together, or itself."""
        return self.parts or (self,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Steps that are run in one transaction, or one step that refuses one."""

    steps: tuple[Step, ...]
    transactional: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplanned:
    """A difference that the plan cannot remove, and why."""

    identity: Identity
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The way from the live database to the desired one."""

    groups: tuple[Group, ...]
    unplanned: tuple[Unplanned, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in the order in which they run, those of one command one by one."""
        return tuple(
            step for group in self.groups for command in group.steps for step in command.each
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """The variables that stand for its secrets."""
        found = (name for step in self.steps for _, name in step.statement.secrets)
        return tuple(dict.fromkeys(found))

    def refused(self, allowed: frozenset[str]) -> tuple[tuple[Step, Danger], ...]:
        """The destructive dangers that nobody has allowed."""
        if "all" in allowed:
            return ()
        return tuple(
            (step, danger)
            for step in self.steps
            for danger in step.statement.dangers
            if danger.destructive and danger.hazard not in allowed
        )
