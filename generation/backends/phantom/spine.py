"""Vertebrae, seen from the front and from the side. Sizes in mm about the centre of the body."""

from generation.backends.phantom.parts import Grain, Part, Points
from generation.backends.phantom.shapes import closed, ellipse, moved, rotated, tube

# The coordinates of an outline are read together, so they stand together.
# fmt: off

GRAIN = (Grain(90, 0.8), Grain(0, 0.45))


def vertebra_ap(
    name: str, at: tuple[float, float], width: float, height: float, processes: float = 0.0
) -> tuple[Part, ...]:
    """Body with pedicles and spinous process; transverse processes `processes` mm long."""
    x, y = at
    w, h = width / 2, height / 2
    body = closed(
        [
            (-w, -h * 0.86), (-w * 0.8, -h), (0, -h * 0.93), (w * 0.8, -h), (w, -h * 0.86),
            (w * 0.88, 0), (w, h * 0.86), (w * 0.8, h), (0, h * 0.93), (-w * 0.8, h),
            (-w, h * 0.86), (-w * 0.88, 0),
        ]
    )
    spinous = closed(
        [
            (-1.6, -h * 0.1), (1.6, -h * 0.1), (2.6, h * 0.6), (3.6, h * 1.15), (0, h * 1.4),
            (-3.6, h * 1.15), (-2.6, h * 0.6),
        ]
    )
    lamina = closed(
        [
            (-w * 0.62, -h * 0.35), (-w * 0.2, -h * 0.1), (w * 0.2, -h * 0.1),
            (w * 0.62, -h * 0.35), (w * 0.55, h * 0.45), (w * 0.6, h * 1.15),
            (w * 0.36, h * 1.2), (w * 0.2, h * 0.55), (-w * 0.2, h * 0.55), (-w * 0.36, h * 1.2),
            (-w * 0.6, h * 1.15), (-w * 0.55, h * 0.45),
        ]
    )
    rings = tuple(ellipse(x + s * w * 0.58, y - h * 0.34, w * 0.17, h * 0.34) for s in (-1, 1))
    parts = [
        Part(name, (moved(body, x, y),), 26, 8, cortex=0.7, grain=GRAIN),
        Part(f"{name} lamina", (moved(lamina, x, y),), 7, 4, cortex=0.5, density=0.8),
        Part(f"{name} pedicles", rings, 9, 2.2, cortex=0.7),
        Part(f"{name} spinous process", (moved(spinous, x, y),), 11, 2.8, cortex=0.7),
    ]
    if processes:
        arms = tuple(moved(_arm(side, w, h, processes), x, y) for side in (-1, 1))
        parts.append(Part(f"{name} transverse processes", arms, 6, 3, cortex=0.6, density=0.8))
    return tuple(parts)


def _arm(side: int, w: float, h: float, length: float) -> Points:
    path = [
        (side * w * 0.7, -h * 0.2), (side * (w + length * 0.5), -h * 0.22),
        (side * (w + length), -h * 0.45),
    ]
    return tube(path, [h * 0.3, h * 0.2, h * 0.22])


def vertebra_lateral(
    name: str,
    at: tuple[float, float],
    depth: float,
    height: float,
    *,
    turn: float = 0.0,
    process: float = 30.0,
    droop: float = 35.0,
) -> tuple[Part, ...]:
    """Seen from the side with the front to the left; `turn` tilts the body (degrees), the spinous
    process is `process` mm long and points down by `droop` degrees."""
    x, y = at
    d, h = depth / 2, height / 2
    body = closed(
        [
            (-d, -h * 0.9), (-d * 0.85, -h), (0, -h * 0.92), (d * 0.85, -h), (d, -h * 0.9),
            (d * 0.9, 0), (d, h * 0.9), (d * 0.85, h), (0, h * 0.92), (-d * 0.85, h),
            (-d, h * 0.9), (-d * 0.88, 0),
        ]
    )
    pedicle = tube(
        [(d * 0.8, -h * 0.35), (d * 1.5, -h * 0.3), (d * 1.9, 0)], [h * 0.3, h * 0.26, h * 0.4]
    )
    facets = tube(
        [(d * 1.45, -h * 1.0), (d * 1.65, -h * 0.2), (d * 1.75, h * 1.1)], [2.4, h * 0.3, 2.6]
    )
    tail = rotated(
        tube([(0, 0), (process * 0.6, 0), (process, 0.5)], [h * 0.36, h * 0.26, h * 0.3]), droop
    )
    posterior = (pedicle, facets, moved(tail, d * 1.85, h * 0.1))
    place = [moved(rotated(p, turn), x, y) for p in (body, *posterior)]
    return (
        Part(name, (place[0],), 28, 8, cortex=0.75, grain=GRAIN),
        Part(f"{name} arch", tuple(place[1:]), 9, 3.0, cortex=0.6, density=0.85),
    )
