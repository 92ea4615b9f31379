"""Grey profiles across a limb, and which point of one belongs to which of another."""

import numpy as np
from scipy import ndimage

from generation.backends.exemplar.pixels import Floats

EDGE_WEIGHT = 6.0  # of the difference in slope, beside that in grey


def matched(first: Floats, second: Floats, reach: int, stiffness: float = 0.05) -> Floats:
    """Shifts d with first[x] ≈ second[x + d[x]] and |d| ≤ reach that change by at most 1 a pixel.

    The cheapest path (Viterbi); `stiffness` is the cost of a change.
    """
    shifts = np.arange(-reach, reach + 1)
    at = np.clip(np.arange(len(first))[:, None] + shifts, 0, len(first) - 1)
    cost = np.abs(first[:, None] - second[at]) + 0.0004 * np.abs(shifts)
    cost += EDGE_WEIGHT * np.abs(np.gradient(first)[:, None] - np.gradient(second)[at])
    total, back = cost[0].copy(), np.zeros((len(first), len(shifts)), np.int8)
    for row in range(1, len(first)):
        padded = np.concatenate([[np.inf], total, [np.inf]])
        ways = np.stack([padded[:-2] + stiffness, total, padded[2:] + stiffness])
        back[row] = ways.argmin(0) - 1
        total = ways.min(0) + cost[row]
    path = np.empty(len(first), int)
    path[-1] = total.argmin()
    for row in range(len(first) - 1, 0, -1):
        path[row - 1] = path[row] + back[row, path[row]]
    return ndimage.gaussian_filter1d(shifts[path].astype(np.float32), 3)


def moved(profile: Floats, shifts: Floats) -> Floats:
    """The profile after its point x went to x + shifts[x]; shifts never fold it."""
    x = np.arange(len(profile))
    return np.interp(np.interp(x, np.maximum.accumulate(x + shifts), x), x, profile)
