"""Changes -> ordered steps with their hazards, and steps -> SQL."""

from __future__ import annotations

from schema_tool.plan.build import make_plan
from schema_tool.plan.renames.alike import renames_that_look_likely
from schema_tool.plan.renames.apply import Renamed, apply_renames, undo_renames
from schema_tool.plan.renames.declared import Rename, declared_renames
from schema_tool.plan.renames.places import leave_out_both
from schema_tool.plan.render.files import PlannedFile, WayBack, plan_files
from schema_tool.plan.render.render import preamble, render, render_plan
from schema_tool.plan.steps import (
    Danger,
    Group,
    LockMode,
    Plan,
    Statement,
    Step,
)

__all__ = [
    "Danger",
    "Group",
    "LockMode",
    "Plan",
    "PlannedFile",
    "Rename",
    "Renamed",
    "Statement",
    "Step",
    "WayBack",
    "apply_renames",
    "declared_renames",
    "leave_out_both",
    "make_plan",
    "plan_files",
    "preamble",
    "renames_that_look_likely",
    "render",
    "render_plan",
    "undo_renames",
]
