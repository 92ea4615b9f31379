"""Measures of outlines that defects need. All lengths in mm."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, cKDTree

from generation.backends.phantom.parts import Points

Outlines = tuple[Points, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """A straight line through a bone: `along` and `across` are unit vectors, at right angles.

    `low` and `high` are where the bone ends along it, `width` its greatest extent across.
    """

    centre: Points
    along: Points
    low: float
    high: float
    width: float

    @property
    def across(self) -> Points:
        return np.array([-self.along[1], self.along[0]])

    def at(self, fraction: float) -> Points:
        return self.centre + (self.low + fraction * (self.high - self.low)) * self.along


def axis(outlines: Outlines, field: tuple[float, float]) -> Axis:
    """The long axis of what lies within the field (width, height, about 0): downwards, or of a bone
    that lies across from the midline outwards."""
    p = np.vstack([dense(outline) for outline in outlines])
    seen = p[np.all(np.abs(p) <= np.array(field) / 2, axis=1)]
    p = seen if len(seen) > 2 else p
    centre = p.mean(0)
    along = np.linalg.svd(p - centre, full_matrices=False)[2][0]
    outwards = along[1] if abs(along[1]) > abs(along[0]) else along[0] * (centre[0] or 1.0)
    along = along if outwards > 0 else -along
    on = (p - centre) @ along
    beside = (p - centre) @ np.array([-along[1], along[0]])
    return Axis(centre, along, float(on.min()), float(on.max()), float(np.ptp(beside)))


def dense(outline: Points, step: float = 1.0, where: NDArray[np.bool_] | None = None) -> Points:
    """The same closed polygon with a point at least every `step` mm; or only `where` an edge begins
    at a chosen point, so that the others are drawn to the very same pixels."""
    following = np.roll(outline, -1, 0)
    counts = np.maximum(np.ceil(np.hypot(*(following - outline).T) / step), 1).astype(int)
    if where is not None:
        counts = np.where(where, counts, 1)
    index = np.repeat(np.arange(len(outline)), counts)
    within = np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (within / counts[index])[:, None]
    return outline[index] + share * (following[index] - outline[index])


def inside(points: Points, outlines: Outlines) -> NDArray[np.bool_]:
    """Which points lie within any of the polygons."""
    found = np.zeros(len(points), bool)
    for outline in outlines:
        a, b = outline, np.roll(outline, -1, 0)
        x, y = points[:, :1], points[:, 1:]
        level = (a[:, 1] > y) != (b[:, 1] > y)
        rise = np.where(a[:, 1] == b[:, 1], 1.0, b[:, 1] - a[:, 1])
        crosses = level & (x < a[:, 0] + (y - a[:, 1]) / rise * (b[:, 0] - a[:, 0]))
        found |= crosses.sum(1) % 2 == 1
    return found


def facing(one: Outlines, other: Outlines, slack: float) -> tuple[Points, Points]:
    """The surfaces of two bones that face each other: up to `slack` mm further apart than where
    they are nearest. What lies within the other bone counts as touching."""
    a, b = (np.vstack([dense(outline) for outline in bone]) for bone in (one, other))
    from_a, from_b = cKDTree(b).query(a)[0], cKDTree(a).query(b)[0]
    from_a[inside(a, other)] = 0
    from_b[inside(b, one)] = 0
    limit = from_a.min() + slack
    return a[from_a <= limit], b[from_b <= limit]


def distance(one: Outlines, other: Outlines) -> float:
    a, b = (np.vstack([dense(outline) for outline in bone]) for bone in (one, other))
    return 0.0 if inside(a, other).any() else float(cKDTree(b).query(a)[0].min())


def hull(points: Points) -> Points:
    """The smallest convex polygon about the points."""
    return points[ConvexHull(points).vertices]
