"""A design's own questions: stored once, and anew where they would say something else."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from radrate.studies.rubrics.models import Criterion, Rubric


@transaction.atomic
def stored_verdict(name: str, criteria: Sequence[dict[str, Any]]) -> Rubric:
    """The rubric of this name with these questions: the newest version where it says the same,
    else a new one."""
    newest = Rubric.objects.select_for_update().filter(name=name).order_by("-version").first()
    if newest is not None and _same(newest, criteria):
        return newest
    version = newest.version + 1 if newest is not None else 1
    rubric = Rubric.objects.create(name=name, version=version, is_verdict=True)
    Criterion.objects.bulk_create(_rows(rubric, criteria))
    return rubric


def _rows(rubric: Rubric, criteria: Sequence[dict[str, Any]]) -> list[Criterion]:
    return [
        Criterion(rubric=rubric, position=position, **fields)
        for position, fields in enumerate(criteria, start=1)
    ]


def _same(rubric: Rubric, criteria: Sequence[dict[str, Any]]) -> bool:
    """Whether what is stored is what would be made now, in every field."""
    stored, made = rubric.criteria.all(), _rows(rubric, criteria)
    return [_fields(row) for row in stored] == [_fields(row) for row in made]


def _fields(row: Criterion) -> dict[str, Any]:
    return model_to_dict(row, exclude=["id", "rubric"])
