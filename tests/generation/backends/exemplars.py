"""Phantoms in the place of real films, and the context that lends them as guides."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from generation.backends.base import Anatomy, Cancelled, GenerationRequest, Guide, Operation
from generation.backends.exemplar import ExemplarBackend
from generation.backends.phantom.rendering import Plan, render

SIDE = 384
KNEE = Anatomy(body_part_examined="KNEE", view_position="AP", finding="normal")


@cache
def film(region: str, view: str, seed: int, side: int = SIDE) -> Image.Image:
    """A phantom without its collimated border."""
    image = render(Plan(region, view, "", "", "", seed, side, side)).image
    exposed = np.asarray(image) > 0
    rows, columns = np.flatnonzero(exposed.mean(1) > 0.5), np.flatnonzero(exposed.mean(0) > 0.5)
    return image.crop((columns[0] + 3, rows[0] + 3, columns[-1] - 2, rows[-1] - 2))


def guide(seed: int, anatomy: Anatomy = KNEE, name: str = "") -> Guide:
    image = film(anatomy.body_part_examined, anatomy.view_position, seed)
    return Guide(name or f"guide-{seed}", image, anatomy)


class Library:
    """A run context that lends guides, records progress, and cancels after so many reports."""

    def __init__(self, guides: Sequence[Guide] = (), cancel_after: int | None = None) -> None:
        self.lent = guides
        self.cancel_after = cancel_after
        self.fractions: list[float] = []

    def progress(self, fraction: float, note: str = "") -> None:
        self.fractions.append(fraction)

    def raise_if_cancelled(self) -> None:
        if self.cancel_after is not None and len(self.fractions) >= self.cancel_after:
            raise Cancelled

    def guides(self, anatomy: Anatomy, most: int) -> list[Guide]:
        fitting = [
            one
            for one in self.lent
            if one.anatomy.body_part_examined == anatomy.body_part_examined
            and anatomy.view_position in ("", one.anatomy.view_position)
        ]
        return fitting[:most]


def ellipse(size: tuple[int, int], centre: tuple[float, float], share: float) -> Image.Image:
    """A mask; `centre` and `share` of the area are fractions."""
    width, height = size
    half = np.sqrt(share / np.pi) * np.array(size)
    x, y = centre[0] * width, centre[1] * height
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).ellipse([x - half[0], y - half[1], x + half[0], y + half[1]], fill=255)
    return mask


def inpainting(source: Image.Image, mask: Image.Image, **fields: object) -> GenerationRequest:
    seeds = fields.pop("seeds", (1,))
    common = {"request_id": "r1", "prompt": "", "anatomy": KNEE, "image": source, "mask": mask}
    return GenerationRequest(
        operation=Operation.INPAINT,
        n=fields.pop("n", len(seeds)),
        width=source.width,
        height=source.height,
        seeds=seeds,
        **{**common, **fields},
    )


def outpainting(
    source: Image.Image, margins: tuple[int, int, int, int], **fields: object
) -> GenerationRequest:
    seeds = fields.pop("seeds", (1,))
    common = {"request_id": "r1", "prompt": "", "anatomy": KNEE, "image": source}
    return GenerationRequest(
        operation=Operation.OUTPAINT,
        n=fields.pop("n", len(seeds)),
        width=source.width + margins[0] + margins[2],
        height=source.height + margins[1] + margins[3],
        margins=margins,
        seeds=seeds,
        **{**common, **fields},
    )


def run(request: GenerationRequest, context: Library | None = None):
    return ExemplarBackend("exemplar", {}).run(request, context or Library())
