"""A shaft through a hole: the profiles on both of its sides joined along the limb's direction."""

from dataclasses import dataclass

import cv2
import numpy as np
from scipy import ndimage

from generation.backends.exemplar.pixels import (
    Floats,
    Mask,
    blurred,
    depth,
    membrane,
    unit,
)
from generation.backends.exemplar.profiles import matched

NEAR = 0.12  # share around the hole in which the direction is measured
LEVELS = 256  # between one side and the other
SAMPLES = (1, 3, 5, 7)  # rows beside the hole that make a profile


@dataclass(frozen=True, slots=True)
class Direction:
    """Degrees by which the image is turned so that its edges stand upright; coherence 0 to 1."""

    degrees: float
    coherence: float


def direction(source: Floats, known: Mask) -> Direction:
    """The main direction of edges around the hole, by the structure tensor."""
    pixel = 4 * unit(source.shape)
    smooth = blurred(membrane(source, known), 2 * pixel)
    dx, dy = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    distance = depth(known)
    ring = known & (distance < NEAR * max(source.shape)) & (distance > 4 * pixel)
    xx, yy, xy = (float(part[ring].sum()) for part in (dx * dx, dy * dy, dx * dy))
    degrees = 0.5 * np.degrees(np.arctan2(2 * xy, xx - yy))
    return Direction(float(degrees), float(np.hypot(xx - yy, 2 * xy) / (xx + yy + 1e-9)))


def loft(source: Floats, known: Mask) -> Floats:
    """The source with its hole lofted, without grain. Raises nothing: a bad loft scores badly."""
    rows, columns = source.shape
    side = int(np.hypot(rows, columns)) + 2
    centre = np.array([(columns - 1) / 2, (rows - 1) / 2])
    turn = cv2.getRotationMatrix2D(tuple(centre), direction(source, known).degrees, 1)
    turn[:, 2] += side / 2 - centre
    whole = membrane(source, known)
    upright = cv2.warpAffine(whole, turn, (side, side), borderMode=cv2.BORDER_REPLICATE)
    hole = cv2.warpAffine((~known).astype(np.float32), turn, (side, side)) > 0.02
    hole = ndimage.binary_fill_holes(ndimage.binary_dilation(hole, iterations=2))
    joined = _joined(upright, hole)
    back = cv2.invertAffineTransform(turn)
    filled = cv2.warpAffine(joined, back, (columns, rows), borderMode=cv2.BORDER_REPLICATE)
    return np.where(known, source, filled).astype(np.float32)


def _joined(upright: Floats, hole: Mask) -> Floats:
    """The hole of an upright shaft filled, column by column, from above and from below."""
    side = len(upright)
    inside = np.flatnonzero(hole.any(0))
    first, count = inside[0], inside[-1] + 1 - inside[0]
    hole = hole[:, first : first + count]
    top, bottom = hole.argmax(0), side - 1 - hole[::-1].argmax(0)
    smooth, x = blurred(upright, 1.2), np.arange(count)

    def profile(edge: Floats, sign: int) -> Floats:
        rows = [smooth[np.clip(edge + sign * i, 0, side - 1), x + first] for i in SAMPLES]
        return np.mean(rows, 0)

    sheet = _sheet(profile(top, -1), profile(bottom, 1), side)
    y = np.arange(side, dtype=np.float32)[:, None]
    along = np.clip((y - top) / np.maximum(bottom - top, 1), 0, 1).astype(np.float32)
    across = np.repeat(x[None].astype(np.float32), side, 0)
    lofted = cv2.remap(sheet, across, along * (LEVELS - 1), cv2.INTER_LINEAR)
    joined = upright.copy()
    joined[:, first : first + count][hole] = lofted[hole]
    return joined


def _sheet(above: Floats, below: Floats, side: int) -> Floats:
    """(LEVELS, n): from one profile to the other, each point sliding to the one it belongs to."""
    count = len(above)
    x = np.arange(count)
    step = max(1, side // 512)
    shifts = matched(above[::step], below[::step], max(6, count // 8 // step))
    full = np.interp(x, x[::step], shifts * step)
    full = full * np.clip(np.minimum(x, count - 1 - x) / (0.15 * count), 0, 1)
    sheet = np.empty((LEVELS, count), np.float32)
    for row, t in enumerate(np.linspace(0, 1, LEVELS)):
        at = np.interp(x, np.maximum.accumulate(x + t * full), x)
        upper, lower = np.interp(at, x, above), np.interp(at + np.interp(at, x, full), x, below)
        sheet[row] = upper + (lower - upper) * (t * t * (3 - 2 * t))
    return sheet
