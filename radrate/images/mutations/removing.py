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
BORDER = 1 / 7  # of each side: nothing is taken from there
DARKER = 0.02  # of the range of greys, as PLAIN
PLAIN = 0.08  # mean darkening, from which a cut through a bone will do
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
    gone, soft = _plainest(small, bone, draw)
    smooth = resized(soft, values.shape)
    weight = np.clip(resized(blur(gone.astype(np.float32), 2.5), values.shape), 0, 1)
    grain = _grain(values, resized(bone.astype(np.float32), values.shape) > 0.5, draw)
    return values * (1 - weight) + (smooth + grain) * weight, weight > 0.5


def _plainest(small: Floats, bone: Bits, draw: np.random.Generator) -> tuple[Bits, Floats]:
    """What is taken away, and the soft tissue below it: a piece through a bone where that is plain,
    else one out of a thick bone. Raises Unsuited."""
    depth = _depth(bone)
    side = max(bone.shape)
    for most in (THICKEST * side, side):
        spots = list(_spots(depth, most, draw))
        tried = [(_without_bone(small, bone, spot), spot) for spot in spots]
        cuts = [(_piece(small, bone, soft, spot), soft) for soft, spot in tried]
        best = max(cuts, key=lambda cut: _change(small, *cut), default=None)
        if best and _change(small, *best) >= PLAIN * best[0].sum():
            break
    if best is None:
        raise Unsuited("no bone was found")
    return best


def _change(small: Floats, gone: Bits, soft: Floats) -> float:
    return float((small - soft)[gone].sum())


def _depth(bone: Bits) -> Floats:
    """How far each pixel is inside a bone, in px; 0 near the film's edges."""
    depth = ndimage.distance_transform_edt(np.pad(bone, 1))[1:-1, 1:-1].astype(np.float32)
    rows, columns = (round(side * BORDER) for side in bone.shape)
    central = np.zeros_like(depth)
    central[rows:-rows, columns:-columns] = depth[rows:-rows, columns:-columns]
    return central


def _spots(depth: Floats, most: float, draw: np.random.Generator) -> Iterator[Spot]:
    """Middles of bones, drawn among the thickest of at most this half width."""
    side = max(depth.shape)
    middle = (depth == ndimage.maximum_filter(depth, 5)) & (depth > 1) & (depth <= most)
    thick = np.argwhere(middle & (depth >= 0.6 * depth[middle].max(initial=0)))
    for row, column in draw.permutation(thick)[:TRIED]:
        radius = float(np.clip(2 * depth[row, column], SHORTEST * side, LONGEST * side))
        yield Spot(int(row), int(column), radius)


def _piece(small: Floats, bone: Bits, soft: Floats, spot: Spot) -> Bits:
    """The bone within the spot and a hem about it, so that no outline of it is left. What is darker
    than soft tissue anyway stays: air, and what the collimation hides."""
    side = max(bone.shape)
    near = _within(bone.shape, spot, spot.radius)
    hem = cv2.dilate((bone & near).astype(np.uint8), disc(side / 64)).astype(bool)
    lit = blur(small, side / 100) > soft - DARKER
    return hem & _within(bone.shape, spot, spot.radius * 1.08) & lit


def _without_bone(small: Floats, bone: Bits, spot: Spot) -> Floats:
    """The soft tissue of the neighbourhood, continued where bone lies over it."""
    side = max(small.shape)
    unknown = cv2.dilate(bone.astype(np.uint8), disc(side / 50))
    far = ~_within(small.shape, spot, spot.radius * 3)
    known = (unknown == 0) & ~far & (small > 0.03)
    if known.sum() < 50:
        darkest = np.quantile(small[_within(small.shape, spot, spot.radius)], 0.03)
        return np.full_like(small, float(darkest))
    wanted = _within(small.shape, spot, spot.radius * 1.5)
    return blur(_continued(small, known, wanted), side / 100)


def _continued(values: Floats, known: Bits, wanted: Bits) -> Floats:
    """Known pixels carried into unknown ones, until all wanted ones are told: means over ever wider
    surroundings."""
    answer, missing = np.where(known, values, 0).astype(np.float32), ~known
    weight = known.astype(np.float32)
    sigma = 2.0
    while (missing & wanted).any() and sigma < max(values.shape):
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
