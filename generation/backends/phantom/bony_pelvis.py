"""Sacrum, hip bones and upper femurs from the front, about a point between the hips.

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
HEAD = (93.0, 44)  # centre of a femoral head
HEAD_RADIUS = 25.0
FORAMINA = ((21, -48, 6.0, 4.0), (18.5, -30, 5.4, 3.6), (16, -14, 4.6, 3.1), (13, 0, 3.8, 2.6))
ARC = [0.5, 0.9, 0.9, 0.4]  # half width of a foramen's upper border, mm
CHILD = 0.7  # size of a child of about nine beside an adult
CREST = [(44, -76), (54, -92), (72, -103), (96, -106), (120, -100), (137, -83), (146, -63)]


def word(side: int) -> str:
    return "left" if side > 0 else "right"


def sacrum(vary: Variation) -> tuple[Part, ...]:
    outline = symmetric([
        (0, -73), (14, -75), (25, -77), (30, -72), (40, -74), (50, -76), (58, -69), (56, -56),
        (52, -40), (47, -28), (40, -18), (34, -4), (27, 11), (17, 22), (8, 27), (0, 28),
    ])
    holes = tuple(
        ellipse(s * x, y, rx, ry, s * 28) for s in SIDES for x, y, rx, ry in FORAMINA
    )
    arcs = tuple(
        tube(sided([(x - 9, y + 1), (x - 3, y - 6), (x + 6, y - 7), (x + 13, y - 1)], s), ARC)
        for s in SIDES for x, y, *_ in FORAMINA
    )
    bodies = tuple(
        tube([(-w, y + 1), (0, y - 0.6), (w, y + 1)], 0.7)
        for w, y in ((13, -40), (11, -22), (9, -6), (7, 8))
    )
    spines = [(0, -66), (0.6, -51), (-0.6, -35), (0.5, -18), (0, -1)]
    crest = tube(spines, [2.4, 4.2, 2.6, 3.8, 1.4])
    base = tube([(-25, -76), (-12, -73), (12, -73), (25, -76)], 0.9)
    facets = tuple(
        tube([(s * 27, -83), (s * 31, -77), (s * 28, -68)], [2.6, 4.4, 3.0]) for s in SIDES
    )
    bend = vary.normal("pelvis.coccyx", 2.5)
    coccyx = tuple(
        closed([(-w + x, y - 4), (w + x, y - 4), (w * 0.7 + x, y + 4), (-w * 0.7 + x, y + 4)])
        for w, y, x in ((9, 33, 0), (6, 42, bend * 0.4), (4.2, 50, bend), (3, 57, bend * 1.6))
    )
    grain = (Grain(90, 0), Grain(25, 0), Grain(155, 0))
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
    whole, hole = _coxa(side, flare), (_o(OBTURATOR, side),)
    x, y = HEAD
    turn = np.deg2rad(range(198, 334, 12))
    roof = [(x + 29.5 * np.cos(a), y + 29.5 * np.sin(a)) for a in turn]
    name = word(side)
    joint = [(55, -70), (52, -58), (49, -45), (45, -35), (41, -28)]
    growing = _open_hip_bone(side) if vary.child else ()
    crest = _band(_flared(CREST, flare), side, [2, 3, 3.2, 3.6, 3.8, 3.2, 2.6])
    buttress = _o(_flared(BUTTRESS, flare), side)
    cleft = _band(joint, side, [0.8, 1.3, 1.2, 1.2, 0.7])
    own = f"hip bone {name}"
    return (
        Part(own, (whole,), 11, 9, holes=hole, grain=radial, cortex=0.7),
        Part(f"{own} buttress", (buttress,), 20, 30, cortex=0.1),
        Part(f"{own} ischium", (_o(ISCHIUM, side),), 12, 9, holes=hole, cortex=0.6),
        Part(f"{own} pubis", (_o(PUBIS, side),), 7, 7, holes=hole, cortex=0.6),
        Part(f"{own} walls", _walls(side), 6, 1.2, cortex=0.7, density=0.4),
        Part(f"{own} sacroiliac joint", (cleft,), 9, 1.2, cortex=0.1, density=-0.8),
        Part(f"acetabulum {name}", (_o(SOCKET, side),), 5, 22, holes=hole, cortex=0.5),
        Part(f"acetabular roof {name}", (_band(roof, side, ROOF),), 12, 2.2, cortex=1.2),
        Part(f"iliac crest {name}", (crest,), 10, 3, cortex=0.9, density=0.8),
        Part(f"pelvic lines {name}", _lines(side), 9, 1.4, cortex=0.9, density=0.6),
        *growing,
    )


def _open_hip_bone(side: int) -> tuple[Part, ...]:
    """A child's cartilage between ilium, ischium and pubis, and between the rami."""
    roof = [(67.5, 24), (71, 31), (78, 38), (94, 37), (108, 28)]
    arms = (
        _band(roof, side, [1.6, 2.4, 2.4, 1.5, 0.5]),
        _band([(64, 46), (70, 44), (77, 38)], side, [1.2, 2.0, 2.4]),
    )
    ramus = _band([(30, 89), (26, 94)], side, 1.3)
    name = f"hip bone {word(side)}"
    return (
        cartilage(f"{name} triradiate cartilage", arms, 8.5),
        cartilage(f"{name} ramus cartilage", (ramus,), 3.2),
    )


def _open_femur(side: int, low: float) -> tuple[Part, ...]:
    """A child's growth plates under the head and under both trochanters."""
    head = _band([(106, 26), (109, 36), (106, 52), (98, 66)], side, [0.8, 1.4, 1.4, 0.8])
    greater = [(131, 47 + low), (142, 53 + low), (151, 64), (156, 75)]
    lesser = _band([(107, 107), (113, 113), (114.5, 122)], side, [0.6, 1.0, 0.6])
    name = f"femur {word(side)}"
    return (
        cartilage(f"{name} capital growth plate", (head,), 9),
        cartilage(
            f"{name} trochanteric growth plates",
            (_band(greater, side, [0.8, 1.5, 1.5, 0.8]), lesser), 6,
        ),
    )


def cartilage(name: str, clefts: tuple[Points, ...], missing: float) -> Part:
    """Not yet bone: `missing` mm of compact bone are taken away from what an adult has there."""
    return Part(name, clefts, missing, 1.5, cortex=missing, density=-1.0)


def femur(side: int, vary: Variation) -> tuple[Part, ...]:
    x, y = HEAD
    low = vary.normal("pelvis.neck", 2.5)
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
        Grain(90, 0),
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
        *(_open_femur(side, low) if vary.child else ()),
    )


ROOF = [0.5, 1, 1.5, 1.9, 2.1, 2.2, 2.2, 2.1, 1.9, 1.6, 1.1, 0.5]  # half width, mm
WING = [  # as far as the pelvic brim, then around socket, ischium and pubis
    (146, -63), (147, -52), (141, -42), (134, -32), (130, -21), (128, -13), (129, -4), (125, 6),
    (122, 15), (122, 25), (117, 41), (112, 56), (104, 69), (95, 80), (91, 90), (89, 101),
    (83, 112), (73, 119), (61, 119), (49, 113), (36, 104), (24, 96), (13, 91), (5, 88), (2.6, 80),
    (3.2, 69), (8, 62), (18, 59), (30, 59), (42, 56), (53, 48), (61, 37), (65, 25), (66, 13),
    (63, -1), (57, -13), (49, -22), (43, -26), (38, -33), (41, -44), (46, -54), (45, -66),
]
OBTURATOR = [
    (27, 77), (33, 70), (44, 67), (56, 69), (64, 75), (67, 85), (65, 95), (58, 102), (49, 101),
    (40, 96), (31, 88),
]
BUTTRESS = [
    (46, -83), (62, -78), (70, -58), (92, -39), (118, -32), (128, -14), (125, 6), (120, 15),
    (98, 10), (79, 13), (72, 41), (67, 57), (62, 44), (65, 25), (64, -1), (56, -14), (48, -24),
    (40, -33), (42, -49),
]
SOCKET = [
    (66, 11), (78, 3), (98, -1), (116, 4), (122, 18), (117, 41), (110, 56), (98, 70), (84, 74),
    (70, 67), (60, 59), (62, 41), (66, 25),
]
ISCHIUM = [
    (78, 59), (96, 67), (94, 80), (90, 92), (88, 103), (82, 112), (72, 118), (61, 117), (52, 111),
    (58, 103), (66, 95), (69, 83), (66, 72), (66, 62),
]
PUBIS = [(3.4, 69), (9, 63), (22, 60), (36, 60), (50, 56), (60, 65), (52, 68), (38, 67), (28, 74),
         (24, 83), (14, 89), (6, 88), (3.0, 80)]


def _coxa(side: int, flare: float) -> Points:
    return _o(_flared([*CREST, *WING[1:]], flare), side)


def _flared(outline: Pairs, flare: float) -> list[tuple[float, float]]:
    """The wings more or less wide, the hips where they are."""
    return [(x * np.interp(y, [-98, -12], [flare, 1.0]), y) for x, y in outline]


def _lines(side: int) -> tuple[Points, ...]:
    """Pelvic brim to the pubis, ilioischial line, and the teardrop between them."""
    brim = [(40, -35), (50, -22), (59, -11), (65, 1), (67, 15), (66, 27), (61, 39), (52, 49),
            (40, 56), (26, 60), (10, 63)]
    ischial = [(58, -9), (66, 8), (69, 27), (69, 47), (68, 65), (70, 83)]
    drop = [(66, 47), (63.5, 57), (64.5, 64), (68.5, 65), (71.5, 62), (71.5, 54), (70, 46)]
    return (
        _band(brim, side, [0.5, 0.8, 1, 1.1, 1.1, 1.1, 1, 1, 1, 1, 0.8]),
        _band(ischial, side, [0.4, 0.6, 0.7, 0.8, 0.8, 0.5]),
        _band(drop, side, 0.7),
    )


def _walls(side: int) -> tuple[Points, ...]:
    front = [(118, 15), (106, 32), (92, 49), (78, 59), (66, 62)]
    back = [(122, 23), (117, 42), (108, 59), (97, 70)]
    return _band(front, side, 0.7), _band(back, side, 0.8)


def _o(pairs: Pairs, side: int) -> Points:
    return closed(sided(pairs, side))


def _band(pairs: Pairs, side: int, radii: float | list[float]) -> Points:
    return tube(sided(pairs, side), radii)
