"""Continuing an edge without any guide: its profile goes on along its own slopes.

Everything here grows the image downwards; the caller turns it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from scipy import ndimage

from generation.backends.exemplar.pixels import Floats, blurred, unit
from generation.backends.exemplar.tones import GRAIN_CONTRAST, detail_of, random_phase

STEEPEST = 0.6  # shift in x for a step in y
TAPER = 0.13  # share of the height within which a taper fades, so that shafts become parallel
AIR_ROWS = 0.015  # share of the longest side that is looked at for air
DARK = 0.3  # mean grey below which an edge may be air
AIR_SMOOTHING = 0.03  # share of the width; nothing in air is sharp


@dataclass(frozen=True, slots=True)
class Course:
    """How an edge goes on, varied a little by the seed: factors of its taper, tilt and grain."""

    taper: float = 1.0
    tilt: float = 1.0
    sway: float = 0.0  # share of the width by which it bends to one side at the far end

    @classmethod
    def of(cls, rng: np.random.Generator) -> "Course":
        return cls(
            taper=float(rng.uniform(0.4, 2.0)),
            tilt=float(rng.uniform(0.6, 1.2)),
            sway=float(rng.uniform(-0.05, 0.05)),
        )


def evenness(source: Floats) -> float:
    """1 less the range of greys along the lower edge (but for 5 % at both ends); 0 if not dark.

    Where it is near 1 there is only air, and nothing to be continued.
    """
    rows = max(6, round(AIR_ROWS * max(source.shape)))
    profile = ndimage.gaussian_filter1d(np.median(source[-rows:], 0), 2 * unit(source.shape))
    low, high = np.percentile(profile, (5, 95))
    return 1 - float(high - low) if profile.mean() < DARK else 0.0


def edge_band(height: int) -> int:
    """Rows at the edge that tell how it goes on."""
    return max(12, height // 14)


def extruded(
    source: Floats, rows: int, rng: np.random.Generator, course: Course | None = None
) -> Floats:
    """(rows, columns): what would lie below the source if its lowest rows simply went on."""
    course = course or Course()
    height, columns = source.shape
    shifts, common = _slopes(source)
    x = np.arange(columns)
    back = max(9, height // 45)
    profile = np.median(
        [np.interp(x - shifts * b, x, source[height - 1 - b]) for b in range(back)], 0
    )
    shape = np.empty((rows, columns), np.float32)
    reach = TAPER * height * course.taper
    for row in range(rows):
        t = row + 1.0
        own = (shifts - common) * reach * (1 - np.exp(-t / reach))
        sway = course.sway * columns * (t / max(rows, 1)) ** 2
        at = np.interp(x, np.maximum.accumulate(x + common * course.tilt * t + own + sway), x)
        shape[row] = np.interp(at, x, ndimage.gaussian_filter1d(profile, 0.3 + 0.02 * t))
    return shape + _grain(source, rows, rng)


def air_below(source: Floats, rows: int, rng: np.random.Generator) -> Floats:
    """(rows, columns): the evenness of the lower edge going on, with its grain."""
    deep = max(9, len(source) // 60)
    profile = np.median(source[-deep:], 0)
    even = ndimage.gaussian_filter1d(profile, AIR_SMOOTHING * source.shape[1], mode="nearest")
    return (even + _grain(source, rows, rng)).astype(np.float32)


def _slopes(source: Floats) -> tuple[Floats, Floats]:
    """Shift in x a row at every column of the lower edge: its own, and the limb's common tilt."""
    height, columns = source.shape
    depth = edge_band(height)
    smooth = blurred(source[-4 * depth :], 1.4 * max(source.shape) / 683)
    weight = np.linspace(0.3, 1, depth)[:, None]
    near = slice(-depth - 2, -2)
    dx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)[near]
    dy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)[near]
    weight = weight[-len(dx) :]
    sigma = 0.02 * columns

    def summed(values: Floats, width: float = sigma) -> Floats:
        return ndimage.gaussian_filter1d((values * weight).sum(0), width, mode="nearest")

    xx, xy, yy = summed(dx * dx), summed(dx * dy), summed(dy * dy)
    slope = -xy / (xx + 0.3 * yy + 0.1 * xx.mean() + 1e-9)
    slope = ndimage.gaussian_filter1d(np.clip(slope, -STEEPEST, STEEPEST), sigma, mode="nearest")
    power, wide = xx + yy, 0.25 * columns
    total = ndimage.gaussian_filter1d(power + 0.02 * xx.mean() + 1e-12, wide, mode="nearest")
    common = ndimage.gaussian_filter1d(slope * power, wide, mode="nearest") / total
    return slope, common


def _grain(source: Floats, rows: int, rng: np.random.Generator) -> Floats:
    height, columns = source.shape
    near = source[-min(height, columns) :]  # the edge's own neighbourhood
    detail, local = detail_of(near, np.ones(near.shape, bool))
    edge = np.median(local[-max(6, height // 40) :], 0)
    strength = ndimage.gaussian_filter1d(edge, 0.01 * columns)
    return GRAIN_CONTRAST * strength * random_phase(detail, (rows, columns), rng)
