"""Small holes filled with patches of the same image (Barnes et al. 2009; Wexler et al. 2007)."""

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from generation.backends.exemplar.pixels import Floats, Mask, membrane, resized, scaled_mask

RADIUS = 3  # of a patch, pixels
FREQUENCIES = 4  # of the cosine transform that stands for a patch
COARSEST = 6.0  # half-width of the hole on the coarsest level, pixels
ROUNDS, SEARCHES = 4, 3

Indices = NDArray[np.int64]


def patched(source: Floats, known: Mask, rng: np.random.Generator) -> Floats:
    """The source with its hole filled from coarse to fine."""
    whole = membrane(source, known)
    width = cv2.distanceTransform((~known).astype(np.uint8), cv2.DIST_L2, 5).max()
    levels = max(1, int(np.ceil(np.log2(max(width / COARSEST, 1)))) + 1)
    current: Floats | None = None
    for level in range(levels - 1, -1, -1):
        factor = 0.5**level
        shape = (max(1, round(source.shape[0] * factor)), max(1, round(source.shape[1] * factor)))
        kept = scaled_mask(known, factor, 0.999) if level else known
        image = resized(whole, shape) if level else source
        start = image if current is None else resized(current, shape)
        if level and current is None:
            start = resized(whole, shape)
        current = _Level(np.where(kept, image, start).astype(np.float32), kept, rng).filled(
            ROUNDS if level else 2, last=level == 0
        )
    return np.where(known, source, current).astype(np.float32)


def _descriptors(image: Floats) -> Floats:
    """Low frequencies of every patch: 15 numbers for 49 pixels; (rows, columns, 15)."""
    size = 2 * RADIUS + 1
    x = np.arange(size)
    waves = [
        np.cos(np.pi * (2 * x + 1) * u / 2 / size) * np.sqrt((1 if u == 0 else 2) / size)
        for u in range(FREQUENCIES + 1)
    ]
    parts = [
        cv2.sepFilter2D(image, -1, waves[u], waves[v], borderType=cv2.BORDER_REFLECT_101)
        for u in range(FREQUENCIES + 1)
        for v in range(FREQUENCIES + 1 - u)
    ]
    return np.stack(parts, 2)


class _Level:
    """One resolution: the pixels to fill, and for each the place that it is copied from."""

    def __init__(self, image: Floats, known: Mask, rng: np.random.Generator) -> None:
        self.image, self.known, self.rng = image, known, rng
        patch = 2 * RADIUS + 1
        self.valid = ndimage.binary_erosion(known, np.ones((patch, patch)), border_value=0)
        hole = ndimage.binary_dilation(~known, np.ones((patch, patch)))
        self.y, self.x = np.nonzero(hole)
        self.order = np.full(known.shape, -1)
        self.order[self.y, self.x] = np.arange(len(self.y))

    def filled(self, rounds: int, *, last: bool) -> Floats:
        y, x = np.nonzero(self.valid)
        if not len(y):
            return self.image
        start = self.rng.integers(0, len(y), len(self.y))
        self.at_y, self.at_x = y[start], x[start]
        there = _descriptors(self.image)
        for turn in range(rounds):
            self.wanted = _descriptors(self.image)[self.y, self.x]
            self.there = there
            self.cost = self._cost(self.at_y, self.at_x, np.arange(len(self.y)))
            for _ in range(SEARCHES + (turn == 0) * 2):
                self._propagate()
                self._search()
            self._vote(1 if last and turn == rounds - 1 else RADIUS)
        return self.image

    def _cost(self, y: Indices, x: Indices, which: Indices) -> Floats:
        difference = self.there[y, x] - self.wanted[which]
        return np.einsum("ij,ij->i", difference, difference)

    def _try(self, y: Indices, x: Indices, which: Indices) -> None:
        """Take the places that are inside, valid and better."""
        rows, columns = self.known.shape
        inside = (y >= 0) & (y < rows) & (x >= 0) & (x < columns)
        y, x, which = y[inside], x[inside], which[inside]
        valid = self.valid[y, x]
        y, x, which = y[valid], x[valid], which[valid]
        cost = self._cost(y, x, which)
        better = cost < self.cost[which]
        y, x, which = y[better], x[better], which[better]
        self.at_y[which], self.at_x[which], self.cost[which] = y, x, cost[better]

    def _propagate(self) -> None:
        """What fits a neighbour may fit here, one pixel further."""
        rows, columns = self.known.shape
        for dy, dx in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            y, x = np.clip(self.y + dy, 0, rows - 1), np.clip(self.x + dx, 0, columns - 1)
            neighbour = self.order[y, x]
            which = np.flatnonzero(neighbour >= 0)
            near = neighbour[which]
            self._try(self.at_y[near] - dy, self.at_x[near] - dx, which)

    def _search(self) -> None:
        """Try places at random, ever nearer."""
        count, radius = len(self.y), max(self.known.shape)
        everyone = np.arange(count)
        while radius >= 2:
            y = self.at_y + self.rng.integers(-radius, radius + 1, count)
            x = self.at_x + self.rng.integers(-radius, radius + 1, count)
            self._try(y, x, everyone)
            radius //= 3

    def _vote(self, reach: int) -> None:
        """Every pixel becomes the mean of what the patches over it say, good ones more."""
        rows, columns = self.known.shape
        total, weights = np.zeros(rows * columns), np.zeros(rows * columns)
        trust = np.exp(-self.cost / (np.percentile(self.cost, 75) + 1e-9)) + 1e-4
        for dy in range(-reach, reach + 1):
            for dx in range(-reach, reach + 1):
                y, x = self.y + dy, self.x + dx
                inside = (y >= 0) & (y < rows) & (x >= 0) & (x < columns)
                place = (y * columns + x)[inside]
                said = self.image[(self.at_y + dy)[inside], (self.at_x + dx)[inside]]
                total += np.bincount(place, trust[inside] * said, rows * columns)
                weights += np.bincount(place, trust[inside], rows * columns)
        mean = (total / np.maximum(weights, 1e-12)).reshape(rows, columns)
        heard = ~self.known & (weights.reshape(rows, columns) > 0)
        self.image = np.where(heard, mean, self.image).astype(np.float32)
