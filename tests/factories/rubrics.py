"""Rubrics with every kind of criterion."""

from typing import Any

from radrate.studies.rubrics.definition import CHOICE, TEXT, Condition, Definition, Item, Tag
from radrate.studies.rubrics.models import Criterion, Rubric


def thaw(rubric: Rubric) -> None:
    """Undo the lock's freezing, to change what a test needs changed."""
    Rubric.objects.filter(pk=rubric.pk).update(frozen=False)


def make_definition(**changes: Any) -> Definition:
    """A scale, a choice and a text that depends on it, one defect."""
    parts: dict[str, Any] = {
        "title": "Knees",
        "criteria": (
            Item("anatomy", "Anatomy", not_applicable=True, anchors={1: "impossible", 5: "right"}),
            Item("odd", "Anything odd?", kind=CHOICE, per_image=False, options=("No", "Yes")),
            Item("what", "What?", kind=TEXT, per_image=False, shown_if=Condition("odd", (2,))),
        ),
        "tags": (Tag("fused", "Bone", "Bones fused"),),
    }
    return Definition(**parts | changes)


def make_criterion(**changes: Any) -> Criterion:
    """A scale of five points asked for each image; not stored."""
    return Criterion(**{"key": "anatomy", "question": "Anatomy"} | changes)


def make_choice(*labels: str, **changes: Any) -> Criterion:
    options = [{"value": value, "label": label} for value, label in enumerate(labels, start=1)]
    return make_criterion(**{"key": "odd", "kind": "choice", "options": options} | changes)
