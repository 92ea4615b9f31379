"""Whose images a study showed: licences and attributions, for the debrief."""

from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db.models import Count, Q

from radrate.images.models import Radiograph
from radrate.studies.models import CaseImage, ReaderStudy


@dataclass(frozen=True, slots=True)
class Credit:
    """`images` of the study come with this attribution (may be blank)."""

    attribution: str
    images: int


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence (blank where none was stated) and whom to name under it."""

    name: str
    images: int
    credits: tuple[Credit, ...]


def shown_by(study: ReaderStudy) -> set[UUID]:
    """Every image of the study's cases."""
    return set(CaseImage.objects.filter(case__study=study).values_list("radiograph", flat=True))


def licences(study: ReaderStudy) -> tuple[Licence, ...]:
    """Every image of the study, and what an edit of it was made from, once. It is told how many
    come with a licence, never which."""
    shown = Radiograph.objects.filter(pk__in=shown_by(study))
    sources = shown.filter(source__isnull=False).values("source")
    rows = (
        Radiograph.objects.filter(Q(pk__in=shown.values("pk")) | Q(pk__in=sources))
        .order_by("licence", "attribution")
        .values("licence", "attribution")
        .annotate(images=Count("pk"))
    )
    stated_first = sorted(rows, key=lambda row: (row["licence"] == "", row["licence"]))
    return tuple(
        _licence(name, list(group))
        for name, group in groupby(stated_first, key=lambda row: row["licence"])
    )


def _licence(name: str, rows: list[dict[str, str | int]]) -> Licence:
    credits = tuple(Credit(row["attribution"], row["images"]) for row in rows)
    return Licence(name, sum(credit.images for credit in credits), credits)
