"""Reads of rubrics."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from radrate.accounts.models import User
from radrate.studies.models import Phase, ReaderStudy
from radrate.studies.rubrics.models import Rubric


@dataclass(frozen=True, slots=True)
class Line:
    """A rubric's versions, the newest first; `uses` are this person's studies of any of them."""

    newest: Rubric
    versions: tuple[Rubric, ...]
    uses: tuple[ReaderStudy, ...]


def visible(user: User) -> QuerySet[Rubric]:
    """What this person may take for a study: the shipped rubrics and the own ones."""
    return Rubric.objects.filter(Q(owner=user) | Q(owner=None), is_verdict=False)


def choices_for(user: User) -> QuerySet[Rubric]:
    """The newest version of each that is visible."""
    newest = visible(user).order_by("name", "-version").distinct("name").values("pk")
    return Rubric.objects.filter(pk__in=newest).order_by("owner", "title")


def versions(rubric: Rubric) -> QuerySet[Rubric]:
    return Rubric.objects.filter(name=rubric.name).order_by("-version")


def lines(user: User, rubrics: QuerySet[Rubric]) -> list[Line]:
    """One a name, in two queries, in the order in which they came."""
    counted = rubrics.annotate(questions=Count("criteria", distinct=True)).order_by("pk")
    by_name: dict[str, list[Rubric]] = {}
    for rubric in counted:
        by_name.setdefault(rubric.name, []).insert(0, rubric)
    used = uses(user, (rubric for found in by_name.values() for rubric in found))
    return [
        Line(
            newest=group[0],
            versions=tuple(group),
            uses=tuple(study for rubric in group for study in used.get(rubric.pk, ())),
        )
        for group in by_name.values()
    ]


def uses(user: User, rubrics: Iterable[Rubric]) -> dict[int, list[ReaderStudy]]:
    """This person's studies by the rubric that they ask."""
    phases = Phase.objects.filter(study__manager=user, rubric__in=list(rubrics))
    found: dict[int, list[ReaderStudy]] = {}
    for phase in phases.select_related("study").order_by("study__number"):
        studies = found.setdefault(phase.rubric_id, [])
        if phase.study not in studies:
            studies.append(phase.study)
    return found


def is_used(rubric: Rubric) -> bool:
    """Whether anybody's study asks it."""
    return rubric.phases.exists()
