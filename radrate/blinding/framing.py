"""Where an archived image lies on the canvas of its rendition. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Box = tuple[int, int, int, int]  # left, top, right, bottom in px
Bits = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Framing:
    """What is cut out of an image (px of the image), and the box that it fills on the square canvas
    of `side` px."""

    crop: Box
    box: Box
    side: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the image on the canvas."""
        left, top, right, bottom = self.box
        return right - left, bottom - top

    @property
    def scale(self) -> float:
        """Pixels of the canvas for one of the image."""
        return max(self.size) / max(self.crop[2] - self.crop[0], self.crop[3] - self.crop[1])


def framing(size: tuple[int, int], recipe: Mapping[str, Any]) -> Framing:
    """How an image of (width, height) is shown: the same share cropped from each side, the rest
    fitted to the canvas and centred."""
    width, height = size
    inset_x, inset_y = round(width * recipe["crop"]), round(height * recipe["crop"])
    crop = (inset_x, inset_y, width - inset_x, height - inset_y)
    inner = (width - 2 * inset_x, height - 2 * inset_y)
    side = recipe["side"]
    scale = side / max(inner)
    columns, rows = (max(1, round(length * scale)) for length in inner)
    left, top = (side - columns) // 2, (side - rows) // 2
    return Framing(crop, (left, top, left + columns, top + rows), side)


def region_on_canvas(region: Image.Image, recipe: Mapping[str, Any]) -> Bits:
    """A region of an image (mode L, white = in it) on the canvas, shape (side, side).

    Every canvas pixel that the region touches is in it, so that a small one does not vanish; what
    lies in the cropped margin does.
    """
    frame = framing(region.size, recipe)
    white = region.convert("L").point(lambda value: 255 if value > 127 else 0)
    fitted = white.crop(frame.crop).convert("F").resize(frame.size, Image.Resampling.BOX)
    canvas = np.zeros((frame.side, frame.side), bool)
    left, top, right, bottom = frame.box
    canvas[top:bottom, left:right] = np.asarray(fitted) > 0.5
    return canvas
