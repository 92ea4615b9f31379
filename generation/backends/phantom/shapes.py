"""Outlines of anatomy as closed polygons. All lengths in mm, all angles in degrees."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from generation.backends.phantom.parts import Points

Pairs: TypeAlias = Sequence[tuple[float, float]]


def points(pairs: Pairs | Points) -> Points:
    return np.asarray(pairs, dtype=float).reshape(-1, 2)


def closed(pairs: Pairs | Points, steps: int = 8) -> Points:
    """A smooth closed curve through the given points (uniform Catmull-Rom)."""
    p = points(pairs)
    return _catmull(np.roll(p, 1, 0), p, np.roll(p, -1, 0), np.roll(p, -2, 0), steps)


def curve(pairs: Pairs | Points, steps: int = 8) -> Points:
    """A smooth open curve through the given points, its ends included."""
    p = points(pairs)
    q = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    return np.vstack([_catmull(q[:-3], q[1:-2], q[2:-1], q[3:], steps), p[-1:]])


def _catmull(a: Points, b: Points, c: Points, d: Points, steps: int) -> Points:
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    a, b, c, d = (v[:, None, :] for v in (a, b, c, d))
    out = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return out.reshape(-1, 2)


def ellipse(x: float, y: float, rx: float, ry: float, angle: float = 0.0) -> Points:
    phi = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    return moved(rotated(np.stack([rx * np.cos(phi), ry * np.sin(phi)], 1), angle), x, y)


def rotated(p: Points, angle: float, about: tuple[float, float] = (0.0, 0.0)) -> Points:
    """Turned clockwise as displayed (y points down)."""
    a = np.deg2rad(angle)
    turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    return (points(p) - about) @ turn + about


def moved(p: Points, dx: float, dy: float) -> Points:
    return points(p) + np.array([dx, dy])


def mirrored(p: Pairs | Points) -> Points:
    return points(p) * (-1.0, 1.0)


def sided(p: Pairs | Points, side: int) -> Points:
    """The points as given for side 1, mirrored about x = 0 for side -1."""
    return points(p) * (side, 1.0)


def symmetric(right: Pairs | Points) -> Points:
    """A smooth closed curve through the points and their mirror images about x = 0.

    The points run down one side, the first and the last in the midline.
    """
    p = points(right)
    return closed(np.vstack([p, mirrored(p[-2:0:-1])]))


def along(
    p0: tuple[float, float], p1: tuple[float, float], stations: Sequence[Sequence[float]]
) -> Points:
    """A smooth outline about the axis from p0 to p1.

    `stations` are (t, left, right): at the fraction t of the axis the outline lies `left` and
    `right` mm beside it, seen in the direction of p1.
    """
    a, b = np.asarray(p0, float), np.asarray(p1, float)
    u = (b - a) / np.hypot(*(b - a))
    left = np.array([u[1], -u[0]])
    s = np.asarray(stations, float)
    on_axis = a + s[:, :1] * (b - a)
    return closed(np.vstack([on_axis + s[:, 1:2] * left, (on_axis - s[:, 2:3] * left)[::-1]]))


def tube(path: Pairs | Points, radii: Sequence[float] | float, steps: int = 8) -> Points:
    """A band about a smooth path with round ends; `radii` at the points of the path."""
    p = points(path)
    at_points = np.broadcast_to(np.asarray(radii, float), (len(p),))
    line = curve(p, steps)
    r = np.interp(np.linspace(0, len(p) - 1, len(line)), np.arange(len(p)), at_points)[:, None]
    forward = np.gradient(line, axis=0)
    forward /= np.hypot(*forward.T)[:, None] + 1e-9
    left = forward @ np.array([[0.0, -1.0], [1.0, 0.0]])
    end = _cap(line[-1], left[-1], forward[-1], r[-1, 0])
    start = _cap(line[0], -left[0], -forward[0], r[0, 0])
    return np.vstack([line + left * r, end, (line - left * r)[::-1], start])


def _cap(centre: Points, across: Points, outward: Points, radius: float) -> Points:
    phi = np.linspace(0, np.pi, 8)[1:-1, None]
    return centre + radius * (np.cos(phi) * across + np.sin(phi) * outward)


def inset(outline: Points, thickness: Points | float) -> Points:
    """The outline moved inwards by `thickness` (mm, one value or one a vertex)."""
    tangent = np.roll(outline, -1, 0) - np.roll(outline, 1, 0)
    tangent /= np.hypot(*tangent.T)[:, None] + 1e-9
    normal = tangent @ np.array([[0.0, -1.0], [1.0, 0.0]])
    x, y = outline.T
    area = np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)
    sign = 1.0 if area < 0 else -1.0
    return outline + sign * normal * np.reshape(thickness, (-1, 1))


def shaft(outline: Points, levels: Sequence[float], cortex: Sequence[float]) -> Points:
    """The marrow cavity of an upright long bone: `cortex` mm thick at the given levels of y."""
    return inset(outline, np.interp(outline[:, 1], levels, cortex))
