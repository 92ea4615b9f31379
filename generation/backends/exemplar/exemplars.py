"""What may lead an edit: the user's own radiographs, the mirror image, phantoms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image, ImageFilter

from generation.backends.base import Anatomy, Guide, RunContext
from generation.backends.exemplar import regions
from generation.backends.exemplar.borders import anatomy_of, within_frame
from generation.backends.exemplar.pixels import Floats, Mask
from generation.backends.exemplar.registration import Search, register
from generation.backends.phantom.atlas import ATLAS
from generation.backends.phantom.rendering import Plan, render

ASKED = 16  # guides of one body part that are looked at
TRIED = 4  # of them that are registered in full
NORMAL = ("", "NORMAL", "NONE", "UNREMARKABLE", "NO FINDING", "NON-SPECIFIC BOWEL GAS")
PHANTOM_SIDE = 512
SPECKLE = 5  # median filter on a phantom: its speckle is no bone texture


@dataclass(frozen=True, slots=True)
class Exemplar:
    """An image that may lead an edit, and where it can be trusted.

    `method` is guide, mirror or phantom; `name` says which; `identity` is a guide's id. A `smooth`
    one has no grain of its own; one that begins `beyond` a side shows what adjoins there.
    """

    method: str
    name: str
    image: Floats
    valid: Mask
    identity: str = ""
    spacing: float | None = None
    search: Search = field(default_factory=Search)
    smooth: bool = False
    beyond: str = ""
    part: str = ""


def as_floats(image: Image.Image) -> Floats:
    return np.asarray(image.convert("L"), np.float32) / np.float32(255)


def is_normal(finding: str) -> bool:
    """Whether a finding says that nothing is wrong: empty, normal, or “normal (as captioned)”."""
    return finding.upper().split("(")[0].strip() in NORMAL


def own_radiographs(
    anatomy: Anatomy, parts: Sequence[str], context: RunContext, *, pathological: bool
) -> list[Exemplar]:
    """The user's radiographs of these body parts, those of the same part and view first."""
    found: dict[str, Guide] = {}
    for asked in _asked(anatomy, parts):
        for guide in context.guides(asked, ASKED):
            wanted = pathological or is_normal(guide.anatomy.finding)
            if wanted and _comparable(anatomy, guide.anatomy):
                found.setdefault(guide.id, guide)
    return [_of_guide(guide) for guide in found.values()]


def _asked(anatomy: Anatomy, parts: Sequence[str]) -> Iterator[Anatomy]:
    for part in parts:
        if part:
            if anatomy.view_position:
                yield Anatomy(body_part_examined=part, view_position=anatomy.view_position)
            yield Anatomy(body_part_examined=part)


def _comparable(first: Anatomy, second: Anatomy) -> bool:
    if first.age_group and second.age_group and first.age_group != second.age_group:
        return False
    return regions.views_agree(first.view_position, second.view_position)


def _of_guide(guide: Guide) -> Exemplar:
    image = as_floats(guide.image)
    name = " ".join((guide.anatomy.body_part_examined, guide.anatomy.view_position)).strip()
    return Exemplar(
        "guide",
        name,
        image,
        anatomy_of(image),
        identity=guide.id,
        spacing=guide.pixel_spacing,
        part=guide.anatomy.body_part_examined,
    )


def of_mirror(anatomy: Anatomy, source: Floats, known: Mask) -> list[Exemplar]:
    """The source itself, flipped, where its two sides resemble each other."""
    part, view = anatomy.body_part_examined, anatomy.view_position
    if (part, view) not in regions.MIRRORED or anatomy.image_laterality in ("L", "R"):
        return []
    valid = known & anatomy_of(source)
    return [Exemplar("mirror", "mirror image", source, valid, search=Search(flips=(True,)))]


def phantom_key(anatomy: Anatomy) -> tuple[str, str] | None:
    """The phantom's region and view that show this; None where it has none."""
    part, view = anatomy.body_part_examined, anatomy.view_position
    views = (view, *sorted(regions.FRONTAL)) if view in regions.FRONTAL else (view,)
    return next(((part, each) for each in views if (part, each) in ATLAS), None)


def of_phantom(key: tuple[str, str], seed: int) -> Exemplar:
    """One simulated person; the seed says who."""
    plan = Plan(
        region=key[0],
        view=key[1],
        side="",
        marker="",
        defect="",
        seed=seed,
        width=PHANTOM_SIDE,
        height=PHANTOM_SIDE,
    )
    rendering = render(plan)
    exposed = as_floats(rendering.image.filter(ImageFilter.MinFilter(3))) > 0
    image = as_floats(rendering.image.filter(ImageFilter.MedianFilter(SPECKLE)))
    valid = within_frame(image, 0.01) & _shutter(exposed)
    name = f"phantom {key[0]} {key[1]} {seed}"
    return Exemplar("phantom", name, image, valid, spacing=rendering.spacing, smooth=True)


def _shutter(exposed: Mask) -> Mask:
    """The rectangle in which the film is exposed, a little smaller."""
    rows, columns = np.flatnonzero(exposed.mean(1) > 0.2), np.flatnonzero(exposed.mean(0) > 0.2)
    inside = np.zeros(exposed.shape, bool)
    if len(rows) and len(columns):
        inside[rows[0] + 6 : rows[-1] - 5, columns[0] + 6 : columns[-1] - 5] = True
    return inside


def at_scale(exemplar: Exemplar, spacing: float | None) -> Exemplar:
    """With its size known, where both pixel spacings are: mm per pixel of the source."""
    if not spacing or not exemplar.spacing:
        return exemplar
    ratio = exemplar.spacing / spacing
    return replace(exemplar, search=replace(exemplar.search, ratio=ratio))


def most_alike(
    source: Floats, known: Mask, exemplars: Sequence[Exemplar], most: int = TRIED
) -> list[Exemplar]:
    """The `most` that a quick look finds most alike; order kept where there are no more."""
    if len(exemplars) <= most:
        return list(exemplars)
    quick = {id(one): _quick_score(source, known, one) for one in exemplars}
    return sorted(exemplars, key=lambda one: -quick[id(one)])[:most]


def _quick_score(source: Floats, known: Mask, exemplar: Exemplar) -> float:
    search = replace(exemplar.search, quick=True)
    found = register(source, known, exemplar.image, exemplar.valid, search)
    return found.score if found else -1.0
