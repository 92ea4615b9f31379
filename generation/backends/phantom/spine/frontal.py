"""Vertebrae from the front. Sizes in mm; outlines are drawn in halves of the body's own size."""

from generation.backends.phantom.parts import Grain, Part, Points
from generation.backends.phantom.shapes import Pairs, closed, ellipse, sided, symmetric, tube
from generation.backends.phantom.spine.column import Level, named
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

SIDES = (-1, 1)
GRAIN = (Grain(90, 0.7), Grain(0, 0.35))
BODY = [
    (0, -0.93), (0.45, -0.95), (0.82, -1.0), (0.99, -0.93), (0.93, -0.6), (0.86, 0),
    (0.93, 0.6), (1.0, 0.93), (0.82, 1.0), (0.45, 0.95), (0, 0.93),
]
LUMBAR_ARCH = [
    (0, -0.12), (0.24, -0.3), (0.4, -0.62), (0.46, -1.2), (0.6, -1.42), (0.76, -1.2),
    (0.8, -0.62), (0.64, -0.12), (0.53, 0.3), (0.62, 0.85), (0.6, 1.36), (0.46, 1.46),
    (0.32, 1.1), (0.24, 0.76), (0.12, 0.7), (0, 0.72),
]
THORACIC_ARCH = [
    (0, -0.3), (0.3, -0.5), (0.4, -1.0), (0.62, -1.02), (0.72, -0.5), (0.62, 0.2),
    (0.56, 0.9), (0.4, 1.1), (0.22, 0.9), (0, 0.95),
]
CERVICAL_BODY = [
    (0, -0.72), (0.5, -0.78), (0.78, -1.1), (0.96, -1.42), (1.06, -1.1), (1.0, -0.3),
    (0.98, 0.35), (0.86, 0.8), (0.5, 1.0), (0, 1.06),
]
PILLAR = [
    (0.86, -0.9), (1.15, -1.75), (1.62, -1.74), (1.97, -0.9), (1.86, -0.1), (1.84, 0.5),
    (1.98, 1.1), (1.72, 1.7), (1.2, 1.62), (0.9, 0.5),
]


def vertebra(level: Level, vary: Variation) -> tuple[Part, ...]:
    """The parts of one vertebra; `level.at` is the centre of its body."""
    draw = {"C": _cervical, "T": _thoracic, "L": _lumbar}[level.name[0]]
    return draw(level, vary)


def _lumbar(level: Level, vary: Variation) -> tuple[Part, ...]:
    number = int(level.name[1])
    length = (15, 19, 22, 17, 16)[number - 1] + vary.normal(f"{level.name}.process", 1.2)
    pedicle = (0.56, 0.57, 0.59, 0.62, 0.68)[number - 1]
    lift = 0.16 * (number - 3)
    arms = tuple(_tongue(level, side, length, lift) for side in SIDES)
    spinous = [(0, 0), (0.07, 0.15), (0.1, 0.6), (0.16, 1.15), (0.1, 1.5), (0, 1.56)]
    return named(level.name, {
        "": _body(level, BODY, 30),
        "endplates": _endplates(level),
        "arch": Part("", (_whole(level, LUMBAR_ARCH),), 15, 4.5, cortex=0.9),
        "pedicles": _pedicles(level, pedicle, (0.16, 0.44)),
        "spinous process": Part("", (_whole(level, spinous),), 15, 2.6, cortex=0.8),
        "transverse processes": Part("", arms, 5.5, 2.6, cortex=0.7, density=0.8),
    })


def _tongue(level: Level, side: int, length: float, lift: float) -> Points:
    w, h = level.half
    outline = [
        (w * 0.8, -h * 0.55), (w + length * 0.35, -h * 0.46),
        (w + length * 0.8, -h * (0.56 + lift)),
        (w + length, -h * (0.36 + lift)), (w + length * 0.85, -h * (0.1 + lift)),
        (w + length * 0.35, -h * 0.06), (w * 0.8, h * 0.1),
    ]
    return closed(sided(outline, side)) + level.at


def _thoracic(level: Level, vary: Variation) -> tuple[Part, ...]:
    w, h = level.half
    number = int(level.name[1:])
    usual = (20, 18, 17, 16, 16, 15, 15, 14, 13, 11, 7, 4)[number - 1]
    reach = usual + vary.normal(f"{level.name}.process", 1.0)
    lift = 0.5 if number > 2 else 0.2
    path = [
        (w * 0.5, -h * 0.3), (w + reach * 0.5, -h * (0.3 + lift * 0.5)),
        (w + reach, -h * (0.3 + lift)),
    ]
    arms = tuple(
        tube(sided(path, side) + level.at, [3.2, 3.0, 3.6])
        for side in SIDES
    )
    droop = 0.5 if 4 <= number <= 9 else 0.2
    spinous = [
        (0, -0.1), (0.1, 0.2), (0.12, 0.7 + droop), (0.2, 1.1 + droop), (0.12, 1.36 + droop),
        (0, 1.42 + droop),
    ]
    return named(level.name, {
        "": _body(level, BODY, 26),
        "endplates": _endplates(level),
        "arch": Part("", (_whole(level, THORACIC_ARCH),), 9, 3.5, cortex=0.7, density=0.9),
        "pedicles": _pedicles(level, 0.6, (0.17, 0.4)),
        "spinous process": Part("", (_whole(level, spinous),), 12, 2.2, cortex=0.8),
        "transverse processes": Part("", arms, 7, 2.6, cortex=0.7, density=0.8),
    })


def _cervical(level: Level, vary: Variation) -> tuple[Part, ...]:
    """A body with its uncinate processes between the pillars of the articular processes."""
    fork = 0.3 * (1 + vary.normal(f"{level.name}.process", 0.2))
    spinous = [(0, 0.1), (fork / 2, 0.3), (fork, 0.86), (0.2, 1.16), (0.06, 1.0), (0, 0.94)]
    if level.name in ("C6", "C7"):  # not forked: a ring, seen end on
        spinous = [(0, -0.2), (0.13, 0.1), (0.18, 0.6), (0.13, 1.1), (0, 1.25)]
    pillars = tuple(closed(sided(PILLAR, side) * level.half) + level.at for side in SIDES)
    arch = [(0, -0.2), (0.5, -0.3), (1.0, -0.5), (1.0, 0.5), (0.5, 0.72), (0, 0.6)]
    return named(level.name, {
        "": _body(level, CERVICAL_BODY, 24),
        "lateral masses": Part("", pillars, 19, 7, cortex=0.4, grain=GRAIN, density=0.85),
        "arch": Part("", (_whole(level, arch),), 5, 3, cortex=0.7, density=0.6),
        "spinous process": Part("", (_whole(level, spinous),), 13, 1.8, cortex=1.0),
    })


def _body(level: Level, outline: Pairs, depth: float) -> Part:
    return Part("", (_whole(level, outline),), depth, 10, cortex=0.45, grain=GRAIN)


def _endplates(level: Level) -> Part:
    """The front and the back rim of each endplate do not fall on one line."""
    w, h = level.half
    x, y = level.at
    lines = tuple(
        tube([
            (x - w * 0.9, y + s * h * 0.9), (x - w * 0.4, y + s * h * k),
            (x + w * 0.4, y + s * h * k), (x + w * 0.9, y + s * h * 0.9),
        ], 0.6)
        for s in SIDES for k in (0.74, 0.92)
    )
    return Part("", lines, 9, 0.8, cortex=0.7, density=0.8)


def _pedicles(level: Level, x: float, radii: tuple[float, float]) -> Part:
    w, h = level.half
    rings = tuple(
        ellipse(level.at[0] + s * w * x, level.at[1] - h * 0.32, w * radii[0], h * radii[1], s * 8)
        for s in SIDES
    )
    return Part("", rings, 11, 2.0, cortex=0.8, density=0.95)


def _whole(level: Level, right: Pairs) -> Points:
    w, h = level.half
    return symmetric([(x * w, y * h) for x, y in right]) + level.at
