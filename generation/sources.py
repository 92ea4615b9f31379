"""Radiographs that an edit begins from or is led by: found in the library, brought to a size."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from PIL import Image

from generation.backends.base import Anatomy, Guide
from radrate.images.models import Origin, Radiograph
from radrate.images.queries import pool, visible_to
from radrate.images.rasters import grey_within

GUIDE_SIDE = 1024
SOUGHT = ("body_part_examined", "view_position", "image_laterality")


def _first(condition: Q) -> Case:
    return Case(When(condition, then=Value(0)), default=Value(1), output_field=IntegerField())


NORMAL = Q(finding="") | Q(finding__istartswith="normal")
ORDER = (_first(Q(origin=Origin.REAL)), _first(NORMAL), "created_at", "pk")


@dataclass(frozen=True, slots=True)
class Working:
    """The working copy of a radiograph: mode L, and mm per pixel where that is known."""

    image: Image.Image
    pixel_spacing: float | None


def working_size(radiograph: Radiograph, side: int) -> tuple[int, int]:
    """Width and height of the copy whose longest side is at most `side` px."""
    scale = min(1.0, side / max(radiograph.columns, radiograph.rows))
    return (
        max(1, round(radiograph.columns * scale)),
        max(1, round(radiograph.rows * scale)),
    )


def working_copy(radiograph: Radiograph, side: int) -> Working:
    size = working_size(radiograph, side)
    spacing = radiograph.pixel_spacing
    scaled = spacing and float(spacing[1]) * radiograph.columns / size[0]
    return Working(_copy(radiograph.pixels.name, size), scaled or None)


@lru_cache(maxsize=48)
def _copy(name: str, size: tuple[int, int]) -> Image.Image:
    """Files are named by their content, so what is kept cannot go stale."""
    with default_storage.open(name, "rb") as file:
        return grey_within(file.read(), size)


def anatomy_of(radiograph: Radiograph) -> Anatomy:
    return Anatomy(
        body_part_examined=radiograph.body_part_examined,
        view_position=radiograph.view_position,
        image_laterality=radiograph.image_laterality,
        age_group=radiograph.age_group,
        finding=radiograph.finding,
    )


def sources(user: Any) -> QuerySet[Radiograph]:
    """Accepted radiographs that this person may look at; a command (None) may use all.

    Intact phantoms stand in where there is no real one.
    """
    seen = Radiograph.objects.all() if user is None else visible_to(user)
    origins = (Origin.REAL, Origin.SIMULATED)
    return seen.filter(origin__in=origins, state=Radiograph.State.ACCEPTED)


def best_sources(user: Any, wanted: Mapping[str, str], most: int) -> list[Radiograph]:
    """The first fitting radiographs of the library: real before phantom, normal before the rest."""
    fitting = sources(user).filter(**{name: wanted[name] for name in SOUGHT if wanted.get(name)})
    return list(fitting.order_by(*ORDER)[:most])


def guides_for(source: Radiograph | None, anatomy: Anatomy, most: int) -> list[Guide]:
    """Real radiographs of one body part, view and side where given; never of the source's person.

    Those without a finding come first; otherwise the order is fixed, so that a job repeats.
    """
    wanted = {name: getattr(anatomy, name) for name in SOUGHT if getattr(anatomy, name)}
    found = pool(Origin.REAL).filter(**wanted).order_by(*ORDER)
    if source is not None:
        found = found.exclude(pk__in=_kin(source))
        if source.subject_key:
            found = found.exclude(subject_key=source.subject_key)
    return [_guide(radiograph) for radiograph in found[:most]]


def _kin(source: Radiograph) -> set[UUID]:
    """The source and, where it is an edit itself, what it was made from."""
    kin = {source.pk}
    while source.source is not None:
        source = source.source
        kin.add(source.pk)
    return kin


def _guide(radiograph: Radiograph) -> Guide:
    working = working_copy(radiograph, GUIDE_SIDE)
    return Guide(
        id=str(radiograph.pk),
        image=working.image,
        anatomy=anatomy_of(radiograph),
        pixel_spacing=working.pixel_spacing,
    )
