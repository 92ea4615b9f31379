"""A piece of bone taken away, with soft tissue in its place."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from scipy import ndimage

from radrate.images.mutations.bones import Unsuited, bones
from radrate.images.mutations.grey import Bits, Floats, blur, coarse, disc, resized

SHORTEST, LONGEST = 1 / 13, 1 / 8  # half length of the piece, of the longest side
THICKEST = 1 / 18  # half width of a bone through which a piece is cut, of the longest side
TRIED = 8  # places, of which the plainest is taken
BORDER = 1 / 12  # of each side: nothing is taken from there
DARKER = 0.02
GRAIN = 1.5  # px; finer than this is the film's grain


@dataclass(frozen=True, slots=True)
class Spot:
    """Centre and radius in px of the coarse copy."""

    row: int
    column: int
    radius: float


def removed(values: Floats, draw: np.random.Generator) -> tuple[Floats, Bits]:
    """The film without a piece of its largest bone, and where it was (the film's shape).

    Raises Unsuited.
    """
    small, bone = coarse(values), bones(values)
    tried = [_cut(small, bone, spot) for spot in _spots(bone, draw)]
    gone, soft = max(tried, key=lambda cut: float(np.abs(small - cut[1])[cut[0]].sum()))
    smooth = resized(soft, values.shape)
    weight = np.clip(resized(blur(gone.astype(np.float32), 2.5), values.shape), 0, 1)
    grain = _grain(values, resized(bone.astype(np.float32), values.shape) > 0.5, draw)
    return values * (1 - weight) + (smooth + grain) * weight, weight > 0.5


def _cut(small: Floats, bone: Bits, spot: Spot) -> tuple[Bits, Floats]:
    """The piece that a spot takes away, and the film without bones about it. What is darker than
    soft tissue anyway stays: air, and what the collimation hides."""
    soft = _without_bone(small, bone, spot)
    return _piece(bone, spot) & (blur(small, max(small.shape) / 100) > soft - DARKER), soft


def _spots(bone: Bits, draw: np.random.Generator) -> Iterator[Spot]:
    """Middles of bones away from the film's edges, thick but not too thick to be cut through, drawn
    among such places. Raises Unsuited."""
    rows, columns = bone.shape
    depth = ndimage.distance_transform_edt(np.pad(bone, 1))[1:-1, 1:-1]
    inset = [round(side * BORDER) for side in bone.shape]
    central = np.zeros_like(bone)
    central[inset[0] : rows - inset[0], inset[1] : columns - inset[1]] = True
    depth = np.where(central, depth, 0)
    if not depth.max() > 1:
        raise Unsuited("no bone was found")
    side = max(bone.shape)
    middle = (depth == ndimage.maximum_filter(depth, 5)) & (depth > 1)
    cut = middle & (depth <= THICKEST * side)
    if cut.any():
        middle = cut
    thick = np.argwhere(middle & (depth >= 0.6 * depth[middle].max()))
    for row, column in draw.permutation(thick)[:TRIED]:
        radius = float(np.clip(2 * depth[row, column], SHORTEST * side, LONGEST * side))
        yield Spot(int(row), int(column), radius)


def _piece(bone: Bits, spot: Spot) -> Bits:
    """The bone within the spot and a hem about it, so that no outline of it is left."""
    near = _within(bone.shape, spot, spot.radius)
    hem = cv2.dilate((bone & near).astype(np.uint8), disc(max(bone.shape) / 64)).astype(bool)
    return hem & _within(bone.shape, spot, spot.radius * 1.08)


def _without_bone(small: Floats, bone: Bits, spot: Spot) -> Floats:
    """The soft tissue of the neighbourhood, continued where bone lies over it."""
    side = max(small.shape)
    unknown = cv2.dilate(bone.astype(np.uint8), disc(side / 50))
    far = ~_within(small.shape, spot, spot.radius * 3)
    known = (unknown == 0) & ~far & (small > 0.03)
    if known.sum() < 50:
        darkest = np.quantile(small[_within(small.shape, spot, spot.radius)], 0.03)
        return np.full_like(small, float(darkest))
    return blur(_continued(small, known), side / 100)


def _continued(values: Floats, known: Bits) -> Floats:
    """Known pixels carried into the unknown ones: means over ever wider surroundings."""
    answer, missing = np.where(known, values, 0).astype(np.float32), ~known
    weight = known.astype(np.float32)
    sigma = 2.0
    while missing.any() and sigma < 4 * max(values.shape):
        share = blur(weight, sigma)
        mean = blur(answer * weight, sigma) / np.maximum(share, 1e-6)
        filled = missing & (share > 0.02)
        answer[filled] = mean[filled]
        weight[filled] = 1
        missing &= ~filled
        sigma *= 1.5
    return answer


def _grain(values: Floats, bone: Bits, draw: np.random.Generator) -> Floats:
    """Noise as strong as the film's own beside the bones, with its sharpness."""
    residue = values - blur(values, GRAIN)
    beside = ~bone & (values > 0.03)
    strength = float(np.median(np.abs(residue[beside]))) * 1.48 if beside.any() else 0.0
    noise = blur(draw.standard_normal(values.shape).astype(np.float32), 0.8)
    return noise / max(float(noise.std()), 1e-6) * strength


def _within(shape: tuple[int, ...], spot: Spot, radius: float) -> Bits:
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return np.hypot(rows - spot.row, columns - spot.column) <= radius
