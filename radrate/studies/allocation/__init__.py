"""Which reader sees which case when, and where its images stand. Pure; docs/allocation.md has the
recipe, by which anyone can recompute an allocation from its seed."""

from radrate.studies.allocation.checks import shown_twice
from radrate.studies.allocation.designs import (
    BLOCKS,
    CATCH,
    CROSSED,
    KINDS,
    LABELS,
    MAIN,
    QUOTA,
    TRAINING,
    PhasePlan,
    Place,
    PlannedCase,
    Problem,
    problems,
)
from radrate.studies.allocation.plans import VERSION, plan

__all__ = [
    "BLOCKS",
    "CATCH",
    "CROSSED",
    "KINDS",
    "LABELS",
    "MAIN",
    "QUOTA",
    "TRAINING",
    "VERSION",
    "PhasePlan",
    "Place",
    "PlannedCase",
    "Problem",
    "plan",
    "problems",
    "shown_twice",
]
