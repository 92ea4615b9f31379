"""Rubrics that the system makes: stored once, and anew where they would say something else."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import transaction
from django.forms.models import model_to_dict

from radrate.studies.rubrics.models import Criterion, DefectTag, Rubric

Row = TypeVar("Row", Criterion, DefectTag)


@transaction.atomic
def stored(
    name: str,
    criteria: Sequence[dict[str, Any]],
    tags: Sequence[dict[str, str]] = (),
    *,
    is_verdict: bool = False,
) -> Rubric:
    """The rubric of this name with these questions and tags: the newest version where it says the
    same, else a new one."""
    newest = Rubric.objects.select_for_update().filter(name=name).order_by("-version").first()
    if newest is not None and _same(newest, criteria, tags):
        return newest
    version = newest.version + 1 if newest is not None else 1
    rubric = Rubric.objects.create(name=name, version=version, is_verdict=is_verdict)
    Criterion.objects.bulk_create(_rows(Criterion, rubric, criteria))
    DefectTag.objects.bulk_create(_rows(DefectTag, rubric, tags))
    return rubric


def _rows(model: type[Row], rubric: Rubric, wanted: Sequence[dict[str, Any]]) -> list[Row]:
    return [model(rubric=rubric, position=k, **fields) for k, fields in enumerate(wanted, start=1)]


def _same(
    rubric: Rubric, criteria: Sequence[dict[str, Any]], tags: Sequence[dict[str, Any]]
) -> bool:
    """Whether what is stored is what would be made now, in every field."""
    made = [*_rows(Criterion, rubric, criteria), *_rows(DefectTag, rubric, tags)]
    stored = [*rubric.criteria.all(), *rubric.tags.all()]
    return [_fields(row) for row in stored] == [_fields(row) for row in made]


def _fields(row: Criterion | DefectTag) -> dict[str, Any]:
    return model_to_dict(row, exclude=["id", "rubric"])
