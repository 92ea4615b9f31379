"""The first two cervical vertebrae: atlas, and axis with its dens, in both views."""

from generation.backends.phantom.parts import Part, Points
from generation.backends.phantom.shapes import (
    Pairs,
    closed,
    ellipse,
    moved,
    rotated,
    sided,
    symmetric,
    tube,
)
from generation.backends.phantom.spine.column import Level, named

# The coordinates of an outline are read together, so they stand together.
# fmt: off

SIDES = (-1, 1)


def atlas_frontal(level: Level) -> tuple[Part, ...]:
    """Its lateral masses beside the dens, and both arches across it."""
    mass = [(7, -6), (14, -8.5), (23, -9), (25, -2), (23, 5), (15, 6.5), (8, 5.5), (9, 0)]
    arm = [(21, -4), (31, -4.5), (37, -2), (38, 2), (32, 4), (22, 4)]
    arches = (
        tube([(-20, -1), (0, -3.5), (20, -1)], [2.4, 2.0, 2.4]),
        tube([(-20, 2), (0, 5.5), (20, 2)], [2.6, 2.4, 2.6]),
    )
    return _at(level, {
        "": Part("", _both(mass), 15, 5, cortex=1.0),
        "transverse processes": Part("", _both(arm), 8, 3, cortex=0.9, density=0.8),
        "arches": Part("", arches, 6, 2, cortex=0.9, density=0.6),
    })


def axis_frontal(level: Level) -> tuple[Part, ...]:
    body = symmetric([
        (0, -26), (4.4, -25), (5.8, -19), (5.0, -11), (8, -8.5), (17, -6), (23, -1), (21, 4),
        (12, 5), (10.5, 9), (5, 10.5), (0, 10.5),
    ])
    arm = [(19, -2), (26, 2), (29, 6), (26, 9), (19, 6)]
    spinous = symmetric([(0, 3), (2.6, 5), (6, 13), (4.2, 16), (1.4, 13), (0, 12.5)])
    return _at(level, {
        "": Part("", (body,), 17, 6, cortex=0.9),
        "transverse processes": Part("", _both(arm), 8, 3, cortex=0.8, density=0.8),
        "spinous process": Part("", (spinous,), 13, 2, cortex=1.0),
    })


def atlas_lateral(level: Level) -> tuple[Part, ...]:
    front = ellipse(-11.5, 0, 3.3, 5.4, 8)
    mass = closed([(-6, -6), (2, -8), (10, -6), (11, 3), (4, 7), (-5, 6)])
    back = tube([(9, -1), (20, -2.4), (31, -1), (37, 1.5)], [3.4, 2.6, 3.0, 4.6])
    return _at(level, {
        "": Part("", (mass,), 18, 5, cortex=0.9, density=0.7),
        "anterior arch": Part("", (front,), 11, 2.6, cortex=1.2),
        "posterior arch": Part("", (back,), 10, 2.8, cortex=1.1),
    })


def axis_lateral(level: Level) -> tuple[Part, ...]:
    d, h = level.half
    body = closed([
        (-d * 1.08, h * 1.12), (-d * 0.9, 0), (-d * 0.8, -h * 0.8), (-d * 0.7, -h * 1.7),
        (-d * 0.56, -h * 2.6), (-d * 0.2, -h * 3.0), (d * 0.26, -h * 2.9), (d * 0.46, -h * 2.2),
        (d * 0.5, -h * 1.3), (d * 0.85, -h * 0.5), (d * 0.95, h * 0.8), (d * 0.8, h * 0.96),
        (0, h * 0.84), (-d * 0.6, h),
    ])
    mass = closed([
        (d * 0.2, -h * 1.0), (d + 4, -h * 0.95), (d + 10, -h * 0.55), (d + 16, -h * 0.35),
        (d + 18, h * 0.7), (d + 13, h * 1.3), (d + 7, h * 0.9), (d + 1, h * 0.2),
    ])
    ring = ellipse(d * 0.1, -h * 0.2, 5.0, 5.6)
    spinous = closed([
        (d + 10, -h * 0.4), (d + 18, -h * 0.5), (d + 28, h * 0.1), (d + 34, h * 0.7),
        (d + 35, h * 1.5), (d + 29, h * 1.9), (d + 22, h * 1.4), (d + 15, h * 0.9),
    ])
    return _at(level, {
        "": Part("", (body,), 18, 6, cortex=1.0),
        "lateral masses": Part("", (mass,), 14, 4, cortex=0.9, density=0.75),
        "ring": Part("", (ring,), 5, 1.4, cortex=1.0, density=0.6),
        "spinous process": Part("", (spinous,), 9, 3, cortex=1.0),
    })


def _both(outline: Pairs) -> tuple[Points, ...]:
    return tuple(closed(sided(outline, side)) for side in SIDES)


def _at(level: Level, parts: dict[str, Part]) -> tuple[Part, ...]:
    def place(p: Points) -> Points:
        return moved(rotated(p, level.tilt), *level.at)

    return tuple(part.placed(place) for part in named(level.name, parts))
