"""Sacrum, hip bones and upper femurs from the front, about a point midway between the hips' heights.

Every view that shows them draws them from here. The patient's left is at x above 0.
"""

import numpy as np

from generation.backends.phantom.parts import Grain, Part, Points
from generation.backends.phantom.shapes import (
    Pairs,
    closed,
    ellipse,
    shaft,
    sided,
    symmetric,
    tube,
)
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

SIDES = (-1, 1)
HEAD = (93.0, 44.0)  # centre of a femoral head
HEAD_RADIUS = 25.0
FORAMINA = ((21, -48, 6.0, 4.0), (18.5, -30, 5.4, 3.6), (16, -14, 4.6, 3.1), (13, 0, 3.8, 2.6))
CREST = [(44, -76.4), (54, -91.9), (72, -103.1), (96, -106.5), (120, -99.6), (137, -83.3), (146, -62.6)]


def word(side: int) -> str:
    return "left" if side > 0 else "right"


def sacrum(vary: Variation) -> tuple[Part, ...]:
    outline = symmetric([
        (0, -73), (14, -74.7), (25, -77.3), (30, -72.1), (40, -73.8), (50, -75.5), (58, -68.7), (56, -55.8),
        (52, -40.3), (47, -28.2), (40, -17.9), (34, -4.2), (27, 11.3), (17, 21.6), (8, 26.8), (0, 27.7),
    ])
    holes = tuple(
        ellipse(s * x, y, rx, ry, s * 28) for s in SIDES for x, y, rx, ry in FORAMINA
    )
    arcs = tuple(
        tube([(s * (x - 9), y + 1), (s * (x - 3), y - 6), (s * (x + 6), y - 7), (s * (x + 13), y - 1)],
             [0.5, 0.9, 0.9, 0.4])
        for s in SIDES for x, y, *_ in FORAMINA
    )
    bodies = tuple(
        tube([(-w, y + 1), (0, y - 0.6), (w, y + 1)], 0.7)
        for w, y in ((13, -40), (11, -22), (9, -6), (7, 8))
    )
    crest = tube([(0, -66.1), (0.6, -50.6), (-0.6, -35.1), (0.5, -17.9), (0, -0.7)], [2.4, 4.2, 2.6, 3.8, 1.4])
    base = tube([(-25, -75.5), (-12, -73), (12, -73), (25, -75.5)], 0.9)
    facets = tuple(
        tube([(s * 27, -83), (s * 31, -77), (s * 28, -68)], [2.6, 4.4, 3.0]) for s in SIDES
    )
    bend = vary.normal("pelvis.coccyx", 2.5)
    coccyx = tuple(
        closed([(-w + x, y - 4), (w + x, y - 4), (w * 0.7 + x, y + 4), (-w * 0.7 + x, y + 4)])
        for w, y, x in ((9, 33, 0), (6, 42, bend * 0.4), (4.2, 50, bend), (3, 57, bend * 1.6))
    )
    grain = (Grain(90, 0.5), Grain(25, 0.3), Grain(155, 0.3))
    return (
        Part("sacrum", (outline,), 20, 26, cortex=0.4, holes=holes, grain=grain),
        Part("sacrum arcs", arcs, 7, 0.9, cortex=0.8, density=0.7),
        Part("sacrum segments", bodies, 7, 0.9, cortex=0.7, density=0.5),
        Part("sacrum crest", (crest,), 6, 2.6, cortex=0.8, density=0.7),
        Part("sacrum endplate", (base,), 16, 1.0, cortex=0.9, density=0.7),
        Part("sacrum facets", facets, 9, 3, cortex=0.9, density=0.6),
        Part("coccyx", coccyx, 7, 3, cortex=0.8),
    )


def hip_bone(side: int, vary: Variation) -> tuple[Part, ...]:
    """Ilium, ischium and pubis as one, with the lines by which a film is read."""
    flare = 1 + vary.normal("pelvis.flare", 0.025)
    radial = tuple(Grain(a if side > 0 else 180 - a, 0.4) for a in (60, 90, 120))
    whole, hole = _coxa(side, flare), _o(OBTURATOR, side)
    x, y = HEAD
    turn = np.deg2rad(range(198, 334, 12))
    roof = [(x + 29.5 * np.cos(a), y + 29.5 * np.sin(a)) for a in turn]
    name = word(side)
    joint = [(55, -69.5), (52, -57.5), (49, -45.4), (45, -35.1), (41, -28.2)]
    return (
        Part(f"hip bone {name}", (whole,), 11, 9, holes=(hole,), grain=radial, cortex=0.7),
        Part(f"hip bone {name} buttress", (_o(_flared(BUTTRESS, flare), side),), 20, 30, cortex=0.1),
        Part(f"hip bone {name} ischium", (_o(ISCHIUM, side),), 13, 9, holes=(hole,), cortex=0.6, density=0.9),
        Part(f"hip bone {name} pubis", (_o(PUBIS, side),), 9, 7, holes=(hole,), cortex=0.6, density=0.8),
        Part(f"hip bone {name} walls", _walls(side), 6, 1.2, cortex=0.7, density=0.4),
        Part(f"hip bone {name} sacroiliac joint", (_band(joint, side, [0.8, 1.3, 1.2, 1.2, 0.7]),),
             9, 1.2, cortex=0.1, density=-0.8),
        Part(f"acetabulum {name}", (_o(SOCKET, side),), 5, 22, holes=(hole,), grain=radial, cortex=0.5),
        Part(f"acetabular roof {name}", (_band(roof, side, ROOF),), 13, 2.2, cortex=1.2, density=0.9),
        Part(f"iliac crest {name}", (_band(_flared(CREST, flare), side, [2, 3, 3.2, 3.6, 3.8, 3.2, 2.6]),),
             10, 3, cortex=0.9, density=0.8),
        Part(f"pelvic lines {name}", _lines(side), 9, 1.4, cortex=0.9, density=0.6),
    )


def femur(side: int, vary: Variation, turn: float = 0.0) -> tuple[Part, ...]:
    """The upper femur; `turn` lowers (above 0) or lifts the neck, by a few mm."""
    x, y = HEAD
    low = turn + vary.normal("pelvis.neck", 2.5)
    stem = [
        (98, 22), (110, 32), (120, 41 + low), (129, 45 + low), (135, 41 + low), (141, 35 + low),
        (149, 38 + low), (157, 49 + low), (161, 62 + low), (158, 80), (153, 100), (151, 130),
        (149, 170), (147, 260), (119, 260), (120, 170), (118, 142), (115, 130), (109, 124),
        (104, 116), (105, 107), (109, 98), (107, 89), (100, 79), (91, 71), (83, 64), (80, 50),
        (86, 34),
    ]
    outline = closed(sided(stem, side))
    marrow = shaft(outline, [30, 70, 95, 130, 170], [0.8, 1.3, 3.0, 5.2, 6.8])
    ball = ellipse(side * x, y, HEAD_RADIUS, HEAD_RADIUS)
    core = ellipse(side * x, y, HEAD_RADIUS - 0.9, HEAD_RADIUS - 0.9)

    def toward(angle: float) -> float:
        return angle if side > 0 else 180 - angle

    grain = (
        Grain(toward(68), 0.8, (side * 98, 62), 22),
        Grain(toward(22), 0.6, (side * 120, 52), 20),
        Grain(toward(62), 0.5, (side * 142, 86), 24),
        Grain(toward(115), 0.45, (side * 125, 90), 24),
        Grain(90, 0.3),
    )
    trochanter = _o([
        (128, 50 + low), (134, 42 + low), (141, 36 + low), (149, 39 + low), (157, 50 + low),
        (160, 64 + low), (156, 78), (146, 84), (136, 74),
    ], side)
    crest = _band([(137, 42 + low), (138, 60), (131, 84), (119, 108), (109, 120)], side,
                  [0.5, 0.8, 0.9, 0.8, 0.6])
    lesser = _o([(117, 100), (107, 105), (104, 114), (109, 123), (117, 130), (121, 116)], side)
    fovea = ellipse(side * (x - 22.5), y + 4, 3.4, 5.0, side * 10)
    name = f"femur {word(side)}"
    return (
        Part(name, (outline, ball), 29, 14, marrow=(marrow, core), grain=grain),
        Part(f"{name} greater trochanter", (trochanter,), 9, 8, cortex=0.6, density=0.8),
        Part(f"{name} lesser trochanter", (lesser,), 8, 5, cortex=0.8, density=0.7),
        Part(f"{name} intertrochanteric crest", (crest,), 6, 1.2, cortex=0.9, density=0.5),
        Part(f"{name} fovea", (fovea,), 7, 2.6, cortex=0.1, density=-0.5),
    )


ROOF = [0.5, 1, 1.5, 1.9, 2.1, 2.2, 2.2, 2.1, 1.9, 1.6, 1.1, 0.5]  # half width, mm
WING = [  # as far as the pelvic brim, then around socket, ischium and pubis
    (146, -62.6), (147, -52.3), (141, -42), (134, -31.7), (130, -21.4), (128, -12.8), (129, -4.2), (125, 6.2),
    (122, 14.8), (122, 25.1), (117, 40.6), (112, 55.5), (104, 68.6), (95, 80.1), (91, 89.9), (89, 101.4),
    (83, 112.1), (73, 118.6), (61, 118.6), (49, 112.9), (36, 103.9), (24, 95.7), (13, 90.7), (5, 88.3), (2.6, 80.1),
    (3.2, 68.6), (8, 62), (18, 58.8), (30, 58.8), (42, 55.5), (53, 48.1), (61, 37.1), (65, 25.1), (66, 13),
    (63, -0.7), (57, -12.8), (49, -22.2), (43, -26.5), (38, -33.4), (41, -43.7), (46, -54), (45, -66.1),
]
OBTURATOR = [
    (27, 76.8), (33, 70.2), (44, 67), (56, 68.6), (64, 75.2), (67, 85), (65, 94.8), (58, 102.2), (49, 101.4),
    (40, 95.7), (31, 87.5),
]
BUTTRESS = [
    (46, -83.3), (62, -78.1), (70, -57.5), (92, -38.6), (118, -31.7), (128, -14.5), (125, 6.2), (120, 14.8),
    (98, 9.6), (79, 13), (72, 40.6), (67, 57.1), (62, 44), (65, 25.1), (64, -0.7), (56, -14.5), (48, -23.9),
    (40, -33.4), (42, -48.9),
]
SOCKET = [
    (66, 11.3), (78, 2.7), (98, -0.7), (116, 4.4), (122, 18.2), (117, 40.6), (110, 55.5), (98, 70.2), (84, 73.5),
    (70, 67), (60, 58.8), (62, 40.6), (66, 25.1),
]
ISCHIUM = [
    (78, 58.8), (96, 67), (94, 80.1), (90, 91.6), (88, 103), (82, 112.1), (72, 117.8), (61, 117), (52, 111.2),
    (58, 103), (66, 94.8), (69, 83.4), (66, 71.9), (66, 62),
]
PUBIS = [(3.4, 68.6), (9, 62.9), (22, 60.4), (36, 59.6), (50, 55.5), (60, 65.3), (52, 67.8), (38, 67), (28, 73.5),
         (24, 83.4), (14, 89.1), (6, 87.5), (3.0, 80.1)]


def _coxa(side: int, flare: float) -> Points:
    return _o(_flared([*CREST, *WING[1:]], flare), side)


def _flared(outline: Pairs, flare: float) -> list[tuple[float, float]]:
    """The wings more or less wide, the hips where they are."""
    return [(x * np.interp(y, [-98, -12], [flare, 1.0]), y) for x, y in outline]


def _lines(side: int) -> tuple[Points, ...]:
    """Pelvic brim to the pubis, ilioischial line, and the teardrop between them."""
    brim = [(40, -35.1), (50, -22.2), (59, -11), (65, 1), (67, 14.8), (66, 26.8), (61, 38.8), (52, 48.9),
            (40, 56.3), (26, 59.6), (10, 62.9)]
    ischial = [(58, -9.3), (66, 7.9), (69, 26.8), (69, 47.3), (68, 65.3), (70, 83.4)]
    drop = [(66, 47.3), (63.5, 57.1), (64.5, 63.7), (68.5, 65.3), (71.5, 62), (71.5, 53.8), (70, 45.6)]
    return (
        _band(brim, side, [0.5, 0.8, 1, 1.1, 1.1, 1.1, 1, 1, 1, 1, 0.8]),
        _band(ischial, side, [0.4, 0.6, 0.7, 0.8, 0.8, 0.5]),
        _band(drop, side, 0.7),
    )


def _walls(side: int) -> tuple[Points, ...]:
    front = [(118, 14.8), (106, 32), (92, 48.9), (78, 58.8), (66, 62)]
    back = [(122, 23.4), (117, 42.3), (108, 58.8), (97, 70.2)]
    return _band(front, side, 0.7), _band(back, side, 0.8)


def _o(pairs: Pairs, side: int) -> Points:
    return closed(sided(pairs, side))


def _band(pairs: Pairs, side: int, radii: float | list[float]) -> Points:
    return tube(sided(pairs, side), radii)


