"""A way to fill what is asked for, with the fit by which it is accepted or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from generation.backends.exemplar.exemplars import Exemplar
from generation.backends.exemplar.fit import agreement
from generation.backends.exemplar.flow import Aligned, aligned
from generation.backends.exemplar.pixels import Floats, Mask, Matrix
from generation.backends.exemplar.registration import Registration, register

INPAINT_THRESHOLDS = {
    "guide": 0.67,
    "mirror": 0.67,
    "phantom": 0.58,
    "loft": 0.75,
    "patchmatch": 0.60,
}
OUTPAINT_THRESHOLDS = {"guide": 0.60, "phantom": 0.60, "extrude": 0.75, "air": 0.85}
STEP_THRESHOLDS = {**OUTPAINT_THRESHOLDS, "guide": 0.55}
FROM_THE_SOURCE = frozenset({"air", "extrude", "loft", "patchmatch"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fill in the frame of the canvas and how well it agrees with what is known."""

    method: str
    score: float
    threshold: float
    fill: Floats | None = None
    covered: Mask | None = None
    name: str = ""
    guide: str = ""
    part: str = ""  # body part of the guide
    smooth: bool = False
    measures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        return self.score >= self.threshold

    @property
    def may_repeat(self) -> bool:
        """Whether it follows from the source alone, so that answers need not differ visibly."""
        return self.method in FROM_THE_SOURCE

    def told(self) -> dict[str, Any]:
        """For the provenance of an image that was made with it."""
        return {
            "method": self.method,
            "exemplar": self.name,
            "score": round(self.score, 3),
            "threshold": self.threshold,
            **self.measures,
        }


@dataclass(frozen=True, slots=True)
class Placed:
    """An exemplar registered and bent to a canvas."""

    exemplar: Exemplar
    registration: Registration
    aligned: Aligned


def placed(source: Floats, known: Mask, exemplar: Exemplar, near: float) -> Placed | None:
    """Registered on what is known and bent to it; None where too little is seen in both."""
    place = (source, known, exemplar.image, exemplar.valid)
    found = register(*place, exemplar.search)
    bent = aligned(*place, matrix=found.matrix, near=near) if found else None
    return Placed(exemplar, found, bent) if found and bent else None


def shifted(matrix: Matrix, offset: tuple[int, int]) -> Matrix:
    """The same for a frame in which the source begins at `offset` (x, y)."""
    moved = matrix.copy()
    moved[:, 2] -= moved[:, :2] @ np.asarray(offset, float)
    return moved


def measures_of(found: Registration, seam: float, cover: float) -> dict[str, Any]:
    return {
        "correlation": round(found.score, 3),
        "seam": round(seam, 3),
        "cover": round(cover, 3),
        "registration": {
            "matrix": [[round(float(value), 5) for value in row] for row in found.matrix],
            "flipped": found.flipped,
            "scale": found.scale,
            "rotation": found.rotation,
        },
    }


def from_placed(
    where: Placed, source: Floats, known: Mask, thresholds: Mapping[str, float]
) -> Candidate:
    """Score a placed exemplar for a hole: mean of correlation and seam, less what it lacks."""
    exemplar, fill = where.exemplar, where.aligned
    seam = agreement(source, known, fill.image, fill.covered)
    cover = float(fill.covered[~known].mean())
    score = (where.registration.score + seam) / 2 * min(1.0, 0.3 + cover)
    return Candidate(
        method=exemplar.method,
        score=score,
        threshold=thresholds[exemplar.method],
        fill=fill.image,
        covered=fill.covered,
        name=exemplar.name,
        guide=exemplar.identity,
        part=exemplar.part,
        smooth=exemplar.smooth,
        measures=measures_of(where.registration, seam, cover),
    )


def shortfall(candidates: Sequence[Candidate]) -> str:
    """Why nothing was accepted, with the score that came closest."""
    candidates = [one for one in candidates if one.score > 0]
    if not candidates:
        return "no guide, phantom or other method applies to this"
    best = max(candidates, key=lambda one: one.score - one.threshold)
    return (
        f"nothing fits well enough: the best fit was {best.score:.2f} "
        f"({best.name or best.method}), {best.threshold:.2f} is needed"
    )
