"""Several answers to one question: variants of a fill, and whether one sees a difference."""

from collections import Counter
from collections.abc import Sequence

import cv2
import numpy as np

from generation.backends.exemplar.pixels import (
    Floats,
    Mask,
    blurred,
    depth,
    scaled,
    scaled_mask,
    unit,
    warped,
)

WAVES = 5  # blobs of a deformation along the longest side
AMPLITUDE = 0.022  # share by which a variant moves its anatomy at most
RISE = 0.06  # share from the seam over which the deformation sets in
SEEN_SIGMA = 3.0  # pixels at the reference side; grain is not a difference
SEEN_STEP = 0.03  # grey level that one sees
COMPARED_SIDE = 512  # longest side at which answers are compared
SEEN_SHARE = 0.05  # of the generated pixels that must differ by it


def deformed(fill: Floats, known: Mask, rng: np.random.Generator) -> Floats:
    """The fill as in another person: smoothly bent, more with the distance from the seam."""
    rows, columns = fill.shape
    longest = max(rows, columns)
    size = (max(3, round(WAVES * rows / longest)), max(3, round(WAVES * columns / longest)), 2)
    grid = rng.uniform(-1, 1, size).astype(np.float32)
    field = cv2.resize(grid, (columns, rows), interpolation=cv2.INTER_CUBIC)
    rise = np.clip(depth(~known) / (RISE * longest), 0, 1)
    rise = (rise * rise * (3 - 2 * rise))[..., None]
    flow = (field * rise * AMPLITUDE * longest).astype(np.float32)
    return warped(fill, np.eye(3)[:2], fill.shape, flow)


def differs(first: Floats, second: Floats, where: Mask) -> bool:
    """Whether one sees a difference between two answers in what was generated."""
    change = np.abs(blurred(first - second, SEEN_SIGMA * unit(first.shape)))[where]
    return bool(np.mean(change > SEEN_STEP) >= SEEN_SHARE)


def is_new(answer: Floats, others: Sequence[Floats], where: Mask) -> bool:
    return all(differs(answer, other, where) for other in others)


class Answers:
    """The answers so far, and how often each way of making one was taken."""

    def __init__(self, known: Mask) -> None:
        self.factor = min(1.0, COMPARED_SIDE / max(known.shape))
        self.where = ~scaled_mask(known, self.factor)
        self.seen: list[Floats] = []
        self.taken: Counter[str] = Counter()

    def accepts(self, image: Floats) -> bool:
        """Keep the image if one sees a difference to all before."""
        small = scaled(image, self.factor)
        new = is_new(small, self.seen, self.where)
        if new:
            self.seen.append(small)
        return new

    def least_taken(self, names: Sequence[str], seed: int) -> tuple[str, int]:
        """The name taken least often so far, by the seed's own order, and how often it was."""
        order = np.random.default_rng(seed).permutation(len(names))
        name = min((names[int(place)] for place in order), key=lambda one: self.taken[one])
        return name, self.taken[name]
