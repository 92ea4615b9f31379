"""Bone whose fine structure makes no sense: its patches are dealt anew, its outlines stay."""

import cv2
import numpy as np
from numpy.typing import NDArray

from radrate.images.mutations.bones import Unsuited, bones
from radrate.images.mutations.grey import Bits, Floats, blur, coarse, disc, resized

PATCH = 1 / 28  # of the longest side
FINE = 1 / 60  # structure up to about this size is dealt anew
PLAINER = 2.0  # how much stronger the dealt structure is than the patient's own
STRIDE = 4  # px between the patches that may be drawn
OVERLAP = 2  # patches that cover each pixel along each axis


def scrambled(values: Floats, draw: np.random.Generator) -> tuple[Floats, Bits]:
    """The film with the fine structure of its bones shuffled, and where (the film's shape)."""
    side = max(values.shape)
    base = blur(values, side * FINE)
    fine = values - base
    weight = _inside(values)
    mosaic = _dealt(fine, weight > 0.7, max(8, round(side * PATCH)), draw)
    changed = base + fine * (1 - weight) + PLAINER * mosaic * weight
    return changed, weight > 0.1


def _inside(values: Floats) -> Floats:
    """How much each pixel belongs to the inside of a bone and not to an outline, 0 to 1. Raises
    Unsuited."""
    small, bone = coarse(values), bones(values)
    if not bone.any():
        raise Unsuited("no bone was found")
    side = max(small.shape)
    inside = cv2.erode(bone.astype(np.uint8), disc(side / 170)).astype(np.float32)
    smooth = blur(small, side / 130)
    slope = np.hypot(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1))
    steep = max(float(np.quantile(slope[bone], 0.97)), 1e-6)
    outline = np.clip(blur(np.clip(slope / steep, 0, 1) ** 3, side / 200), 0, 1)
    return resized(blur(inside, side / 200) * (1 - outline), values.shape)


def _dealt(fine: Floats, inside: Bits, patch: int, draw: np.random.Generator) -> Floats:
    """A mosaic of patches from inside the bones, turned by quarters and drawn at random, with soft
    seams."""
    reach = np.pad(fine, patch, mode="reflect")
    total, weights = np.zeros_like(reach), np.zeros_like(reach)
    window = np.outer(np.hanning(patch + 2)[1:-1], np.hanning(patch + 2)[1:-1]).astype(np.float32)
    stock = _stock(inside, patch)
    step = max(1, patch // OVERLAP)
    for top in range(0, reach.shape[0] - patch + 1, step):
        for left in range(0, reach.shape[1] - patch + 1, step):
            row, column = stock[draw.integers(len(stock))]
            piece = np.rot90(fine[row : row + patch, column : column + patch], draw.integers(4))
            total[top : top + patch, left : left + patch] += piece * window
            weights[top : top + patch, left : left + patch] += window**2
    mosaic = total / np.sqrt(np.maximum(weights, 1e-6))
    return mosaic[patch:-patch, patch:-patch]


def _stock(inside: Bits, patch: int) -> NDArray[np.intp]:
    """Corners (row, column) of the patches that lie inside the bones, those with the most of it
    where none does."""
    rows, columns = (side - patch + 1 for side in inside.shape)
    filled = cv2.boxFilter(inside.astype(np.float32), -1, (patch, patch), anchor=(0, 0))
    filled = filled[:rows:STRIDE, :columns:STRIDE]
    return np.argwhere(filled >= min(0.85, float(filled.max()))) * STRIDE
