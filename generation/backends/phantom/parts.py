"""What a phantom is made of: outlines in millimetres, drawn in the plane of the film.

Coordinates are (x, y) in mm, x to the right and y downwards as displayed, with the origin at the
centre of the view. A right side, or a whole body, faces the reader as a film is hung.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float64]  # shape (n, 2), mm
Place: TypeAlias = Callable[[Points], Points]


class Material(StrEnum):
    BODY = "body"  # skin and fat: the outline of the patient
    SOFT = "soft"  # muscle or organ over what fat would attenuate
    WATER = "water"  # takes the place of lung, as the heart and the vessels do
    LUNG = "lung"
    GAS = "gas"
    BONE = "bone"
    ENAMEL = "enamel"
    METAL = "metal"


@dataclass(frozen=True, slots=True)
class Grain:
    """Trabeculae along `angle` (degrees, 0 = along x, 90 = along y), with a weight from 0 to 1.

    With `centre` and `radius` (mm) they fade out with the distance from that point.
    """

    angle: float
    weight: float = 1.0
    centre: tuple[float, float] | None = None
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """One structure: the union of `outlines` without `holes`, `depth` mm thick along the ray.

    The thickness rounds off over `edge` mm from the rim; None makes a round rod as thick as it is
    wide. A bone has a compact shell of `cortex` mm around a trabecular core, or exactly around
    `marrow` where that is given. `density` scales its attenuation; below 0
    it is a cleft, as a suture. `inverse` fills the outside of
    the outline within `depth`, for cavities.
    """

    name: str
    outlines: tuple[Points, ...]
    depth: float
    edge: float | None = 6.0
    material: Material = Material.BONE
    cortex: float = 1.2
    marrow: tuple[Points, ...] = ()
    holes: tuple[Points, ...] = ()
    grain: tuple[Grain, ...] = ()
    density: float = 1.0

    def placed(self, place: Place) -> "Part":
        """The same part with each of its points moved by `place`."""
        every = (*self.outlines, *self.marrow, *self.holes)
        ends = np.cumsum([len(points) for points in every])[:-1]
        moved = tuple(np.split(place(np.vstack(every)), ends))
        marrow, holes = len(self.outlines), len(self.outlines) + len(self.marrow)
        return replace(
            self, outlines=moved[:marrow], marrow=moved[marrow:holes], holes=moved[holes:]
        )

    def scaled(self, factor: float) -> "Part":
        """The same part larger or smaller in all three directions."""
        return replace(
            self.placed(lambda points: points * factor),
            depth=self.depth * factor,
            edge=None if self.edge is None else self.edge * factor,
            cortex=self.cortex * factor,
        )


@dataclass(frozen=True, slots=True)
class Technique:
    """How a view is exposed and shown.

    `field` is the width and height of the anatomy in mm, `beam` scales the attenuation down as a
    harder beam does, `window` are the percentiles shown as black and white, `slope` the contrast;
    a `gamma` above 1 darkens the middle greys. `detail` amplifies broad, middle and fine structure,
    `texture` the trabeculae.
    """

    field: tuple[float, float]
    beam: float
    scatter: float = 0.25
    window: tuple[float, float] = (1.0, 99.6)
    slope: float = 4.0
    gamma: float = 1.0
    detail: tuple[float, float, float] = (0.5, 0.5, 0.6)
    texture: float = 1.0


@dataclass(frozen=True, slots=True)
class View:
    """A region in one projection. The shutter covers up to `margins` of the field (left, top,
    right, bottom, as fractions). `scale` makes parts and field smaller, as a child is."""

    parts: tuple[Part, ...]
    technique: Technique
    margins: tuple[float, float, float, float] = (0.04, 0.04, 0.04, 0.04)
    scale: float = 1.0

    @property
    def field(self) -> tuple[float, float]:
        """Width and height of what is shown, in mm."""
        width, height = self.technique.field
        return (width * self.scale, height * self.scale)
