"""Vertebrae from the side, the front to the reader's left. Sizes in mm about the body's centre."""

import numpy as np

from generation.backends.phantom.parts import Grain, Part, Points
from generation.backends.phantom.shapes import Pairs, closed, ellipse, moved, points, rotated, tube
from generation.backends.phantom.spine.column import Level, named
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

GRAIN = (Grain(90, 0.7), Grain(0, 0.35))
BODY = [
    (-1, -0.93), (-0.86, -1.02), (-0.3, -0.93), (0.4, -0.93), (0.9, -1.0), (1, -0.9), (0.93, -0.45),
    (0.92, 0), (0.94, 0.5), (1, 0.9), (0.9, 1.0), (0.4, 0.92), (-0.3, 0.93), (-0.86, 1.02),
    (-1, 0.93), (-0.91, 0.45), (-0.88, 0), (-0.91, -0.45),
]
CERVICAL_BODY = [
    (-0.94, -0.8), (-0.6, -0.98), (0.2, -1.0), (0.9, -1.04), (1.0, -0.85), (0.94, 0), (1.0, 0.72),
    (0.86, 0.86), (0.1, 0.84), (-0.6, 1.0), (-1.0, 1.2), (-1.06, 1.05), (-0.94, 0.3), (-0.9, -0.2),
]


def vertebra(level: Level, vary: Variation) -> tuple[Part, ...]:
    """The parts of one vertebra from C3 to L5; `level.at` is the centre of its body."""
    draw = {"C": _cervical, "T": _thoracic, "L": _lumbar}[level.name[0]]
    parts = draw(level, vary)
    return tuple(part.placed(lambda p: _turned(p, level)) for part in parts)


def _turned(p: Points, level: Level) -> Points:
    return moved(rotated(p, level.tilt), *level.at)


def _lumbar(level: Level, vary: Variation) -> tuple[Part, ...]:
    d, h = level.half
    number = int(level.name[1])
    long = (30, 32, 32, 28, 21)[number - 1] + vary.normal(f"{level.name}.process", 2)
    tall = (1.0, 1.05, 1.05, 0.9, 0.65)[number - 1]
    back = d + 23
    spinous = [
        (back, -h * 0.05), (back + long * 0.4, h * 0.1), (back + long * 0.85, h * 0.12),
        (back + long, h * 0.35), (back + long * 0.98, h * (0.3 + 0.8 * tall)),
        (back + long * 0.8, h * (0.42 + 0.8 * tall)), (back + long * 0.4, h * (0.2 + 0.7 * tall)),
        (back, h * (0.1 + 0.6 * tall)),
    ]
    arch = [
        (d * 0.9, -h * 0.78), (d + 6, -h * 0.72), (d + 9, -h * 1.02), (d + 11, -h * 1.42),
        (d + 15, -h * 1.5), (d + 17, -h * 1.0), (d + 16, -h * 0.45), (d + 19, 0),
        (d + 24, -h * 0.05), (d + 25, h * 0.7), (d + 22, h * 1.25), (d + 18.5, h * 1.6),
        (d + 15, h * 1.4), (d + 14, h * 0.7), (d + 10, h * 0.1), (d + 5, -h * 0.1),
        (d * 0.9, -h * 0.06),
    ]
    stub = ellipse(d + 7, -h * 0.3, 4.5, h * 0.26)
    return named(level.name, {
        "": _body(level, BODY, 36),
        "endplates": _endplates(level),
        "arch": Part("", (closed(arch),), 15, 4.0, cortex=0.8, density=0.8, grain=GRAIN),
        "transverse processes": Part("", (stub,), 14, 3, cortex=0.8, density=0.6),
        "spinous process": Part("", (closed(spinous),), 8, 2.6, cortex=0.8, density=0.9),
    })


def _thoracic(level: Level, vary: Variation) -> tuple[Part, ...]:
    d, h = level.half
    number = int(level.name[1:])
    droop = np.interp(number, [1, 4, 6, 9, 12], [28, 48, 58, 52, 18])
    long = np.interp(number, [1, 3, 7, 10, 12], [34, 36, 42, 36, 26])
    long += vary.normal(f"{level.name}.process", 2)
    tall = np.interp(number, [1, 10, 12], [4.0, 4.4, 7.5])
    arch = [
        (d * 0.9, -h * 0.85), (d + 5, -h * 0.75), (d + 7.5, -h * 1.15), (d + 10.5, -h * 1.3),
        (d + 12, -h * 0.6), (d + 16, -h * 0.2), (d + 17, h * 0.5), (d + 14, h * 1.3),
        (d + 10.5, h * 1.35), (d + 9.5, h * 0.5), (d + 5, -h * 0.05), (d * 0.9, -h * 0.02),
    ]
    tail = tube([(0, 0), (long * 0.5, 0.4), (long * 0.92, 0), (long, 0)], [tall, 3.4, 2.8, 3.6])
    knob = ellipse(d + 17, -h * 0.1, 4.6, 4.2)
    return named(level.name, {
        "": _body(level, BODY, 28),
        "endplates": _endplates(level),
        "arch": Part("", (closed(arch),), 12, 3.2, cortex=0.8, density=0.75),
        "transverse processes": Part("", (knob,), 16, 3, cortex=0.8, density=0.55),
        "spinous process": Part(
            "", (moved(rotated(tail, droop), d + 15, h * 0.2),), 7, 2.6, cortex=0.8, density=0.85
        ),
    })


def _cervical(level: Level, vary: Variation) -> tuple[Part, ...]:
    d, h = level.half
    number = int(level.name[1])
    long = (14, 14, 16, 24, 31)[number - 3] + vary.normal(f"{level.name}.process", 1.5)
    droop = (24, 24, 24, 22, 20)[number - 3]
    pillar = [
        (d - 0.5, -h * 0.9), (d + 2.5, -h * 1.5), (d + 6, -h * 1.45), (d + 12, -h * 0.1),
        (d + 12.5, h * 0.9), (d + 10.5, h * 1.34), (d + 5, h * 0.66), (d + 0.5, h * 0.3),
    ]
    other = moved(points(pillar), 1.6, -1.2)
    pedicle = tube([(d * 0.9, -h * 0.2), (d + 3, -h * 0.25)], [h * 0.42, h * 0.4])
    lamina = [
        (d + 10, -h * 0.4), (d + 15, -h * 0.45), (d + 18, h * 0.2), (d + 17, h * 1.1),
        (d + 12, h * 0.95),
    ]
    tail = tube([(0, 0), (long * 0.5, 0), (long * 0.9, 0), (long, 0.6)], [5.2, 4.6, 3.2, 2.8])
    root = moved(rotated(tail, droop), d + 14.0, h * 0.3)
    return named(level.name, {
        "": _body(level, CERVICAL_BODY, 22),
        "endplates": _endplates(level),
        "lateral masses": Part("", (closed(pillar),), 11, 4, cortex=0.9, density=0.8, grain=GRAIN),
        "far lateral mass": Part("", (closed(other),), 9, 4, cortex=0.8, density=0.6),
        "pedicles": Part("", (pedicle,), 8, 2, cortex=0.8, density=0.6),
        "laminae": Part("", (closed(lamina),), 12, 3, cortex=0.9, density=0.7),
        "spinous process": Part("", (root,), 8, 3, cortex=0.9, density=0.95),
    })


def _body(level: Level, outline: Pairs, depth: float) -> Part:
    return Part("", (closed(points(outline) * level.half),), depth, 8, cortex=0.7, grain=GRAIN)


def _endplates(level: Level) -> Part:
    """The rims of both sides of an endplate do not fall on one line."""
    d, h = level.half
    lines = tuple(
        tube([(-d * 0.9, s * h * 0.95), (0, s * h * k), (d * 0.92, s * h * 0.93)], 0.6)
        for s in (-1, 1) for k in (0.76, 0.9)
    )
    return Part("", lines, 12, 0.8, cortex=0.8, density=0.8)
