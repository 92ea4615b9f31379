"""How near a clicked place is to the region that was changed. Pure.

Lengths are shares of the canvas's side; 0, 0 is its upper left corner, 1, 1 its lower right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from radrate.blinding.framing import Bits, framing, region_on_canvas

TOLERANCE = 0.02  # of the side: as far beside the region a click is still a hit
POINTS = 64  # of an outline, at most


@dataclass(frozen=True, slots=True)
class Localised:
    """`distance` is 0 inside the region; `chance` is the share of the shown image that would be a
    hit, tolerance included."""

    hit: bool
    distance: float
    chance: float


@dataclass(frozen=True)
class Region:
    """A changed region on the canvas, bool of shape (side, side), within the box that the image
    fills (left, top, right, bottom in px). It is never empty. A click within `tolerance` hits."""

    mask: Bits
    box: tuple[int, int, int, int]
    tolerance: float = TOLERANCE

    @classmethod
    def of(
        cls, changed: Image.Image, recipe: Mapping[str, Any], tolerance: float = TOLERANCE
    ) -> "Region | None":
        """Of an image's own region (mode L, white = changed); None where nothing of it is shown."""
        mask = region_on_canvas(changed, recipe)
        return cls(mask, framing(changed.size, recipe).box, tolerance) if mask.any() else None

    @cached_property
    def _distances(self) -> NDArray[np.float64]:
        """From the centre of each pixel to the nearest one of the region, in shares of the side."""
        return ndimage.distance_transform_edt(~self.mask) / len(self.mask)

    @cached_property
    def chance(self) -> float:
        """How often a blind click on the shown image hits."""
        left, top, right, bottom = self.box
        return float((self._distances[top:bottom, left:right] <= self.tolerance).mean())

    def localise(self, x: float, y: float) -> Localised:
        """A click at x, y. The answer is exact to a pixel of the canvas."""
        side = len(self.mask)
        column, row = (min(side - 1, max(0, int(place * side))) for place in (x, y))
        distance = float(self._distances[row, column])
        return Localised(distance <= self.tolerance, distance, self.chance)

    def outlines(self) -> Sequence[Sequence[tuple[float, float]]]:
        """Closed polygons about the parts of the region, as x, y; holes are left out."""
        found, _ = cv2.findContours(
            self.mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
        )
        return [_polygon(contour, len(self.mask)) for contour in found]


def _polygon(contour: NDArray[np.int32], side: int) -> list[tuple[float, float]]:
    """At most about POINTS corners, by the middles of the pixels."""
    exact = 0.5
    simple = cv2.approxPolyDP(contour, exact, closed=True)
    while len(simple) > POINTS:
        exact *= 1.5
        simple = cv2.approxPolyDP(contour, exact, closed=True)
    return [(round((x + 0.5) / side, 5), round((y + 0.5) / side, 5)) for x, y in simple[:, 0]]
