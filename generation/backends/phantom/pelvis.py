"""The pelvis, AP, with the lower lumbar spine and both hips."""

import numpy as np

from generation.backends.phantom.parts import Grain, Material, Part, Points, Technique, View
from generation.backends.phantom.shapes import closed, ellipse, shaft, sided, tube
from generation.backends.phantom.spine import vertebra_ap
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

TECHNIQUE = Technique(
    field=(384, 348), beam=1.05, scatter=0.3, slope=4.6, gamma=1.7, window=(0.6, 99.8),
    detail=(0.7, 0.8, 0.8),
)
HEAD = (93.0, 44.0)  # centre of a femoral head
HEAD_RADIUS = 24.0


def ap(vary: Variation) -> View:
    parts = (
        *_trunk(vary),
        *_gas(vary),
        *_lumbar(),
        *_sacrum(),
        *(part for side in (-1, 1) for part in _hip_bone(side, vary)),
        *(_femur(side, vary) for side in (-1, 1)),
    )
    return View(parts, TECHNIQUE, (0.03, 0.03, 0.03, 0.03))


def _trunk(vary: Variation) -> tuple[Part, ...]:
    fat = 1 + vary.normal("pelvis.fat", 0.04)
    right = [
        (0, -230), (150, -230), (148, -160), (160, -110), (176, -40), (186, 30), (184, 110),
        (176, 230), (20, 230), (10, 160), (6, 128), (0, 120),
    ]
    skin = closed([(x * fat, y) for x, y in right] + [(-x * fat, y) for x, y in right[-2:0:-1]])
    muscle = tuple(
        closed(
            sided([(20, 110), (46, 70), (100, 30), (150, 30), (166, 100), (156, 240), (34, 240)], s)
        )
        for s in (-1, 1)
    )
    psoas = tuple(
        tube(
            sided([(22, -230), (36, -150), (58, -90), (82, -30), (104, 60)], s),
            [16, 21, 22, 18, 12],
        )
        for s in (-1, 1)
    )
    gluteal = tuple(
        closed(sided([(60, -130), (130, -120), (164, -50), (170, 30), (120, 40), (70, -20)], s))
        for s in (-1, 1)
    )
    return (
        Part("skin", (skin,), 205, 90, Material.BODY),
        Part("thigh muscles", muscle, 110, 36, Material.SOFT),
        Part("gluteal muscles", gluteal, 60, 30, Material.SOFT),
        Part("psoas", psoas, 60, 20, Material.SOFT),
    )


def _gas(vary: Variation) -> tuple[Part, ...]:
    """Bowel gas: mottled in the colon on both sides, a pocket in the rectum."""
    stream = vary.stream("pelvis.gas")
    pockets: list[Part] = []
    for x, y, count, spread in (
        (-98, -92, 9, 20), (96, -96, 8, 18), (18, -8, 5, 14), (-20, -110, 4, 22),
    ):
        blobs = []
        for _ in range(count):
            cx, cy = stream.normal((x, y), spread)
            blobs.append(_blob(cx, cy, stream.uniform(4, 11), stream))
        pockets.append(Part("bowel gas", tuple(blobs), stream.uniform(12, 26), 7, Material.GAS))
    return tuple(pockets)


def _blob(x: float, y: float, radius: float, stream: np.random.Generator) -> Points:
    phi = np.linspace(0, 2 * np.pi, 9, endpoint=False)
    r = radius * stream.uniform(0.82, 1.18, 9)
    return closed(np.stack([x + 1.25 * r * np.cos(phi), y + 0.85 * r * np.sin(phi)], 1))


def _lumbar() -> tuple[Part, ...]:
    return (
        *vertebra_ap("L3", (0, -186), 44, 27, 26),
        *vertebra_ap("L4", (0, -150), 46, 27, 24),
        *vertebra_ap("L5", (0, -115), 49, 25, 25),
    )


def _sacrum() -> tuple[Part, ...]:
    right = [
        (0, -94), (24, -95), (34, -88), (52, -88), (53, -72), (46, -48), (39, -28), (33, -12),
        (27, 6), (17, 22), (8, 29),
    ]
    outline = closed(right + [(-x, y) for x, y in right[:0:-1]])
    foramina = tuple(
        ellipse(s * x, y, rx, ry, s * 25)
        for s in (-1, 1)
        for x, y, rx, ry in (
            (22, -64, 6.2, 4.2), (19, -44, 5.6, 3.8), (16.5, -25, 4.8, 3.4), (13, -8, 4, 3),
        )
    )
    arcs = tuple(
        tube(
            [
                (s * (x - 8), y + 1), (s * (x - 2), y - 6), (s * (x + 7), y - 6),
                (s * (x + 12), y - 1),
            ],
            0.9,
        )
        for s in (-1, 1)
        for x, y in ((22, -64), (19, -44), (16.5, -25), (13, -8))
    )
    crest = tube([(0, -86), (1, -60), (-1, -34), (0, -8)], [2.6, 3.4, 2.6, 1.6])
    coccyx = tuple(
        closed([(-w, y - 4), (w, y - 4), (w * 0.7, y + 4), (-w * 0.7, y + 4)])
        for w, y in ((8, 36), (5.5, 46), (4, 55))
    )
    ends = tube([(-24, -94), (0, -91), (24, -94)], 1.2)
    return (
        Part(
            "sacrum",
            (outline,), 17, 9,
            cortex=1.0,
            holes=foramina,
            grain=(Grain(90, 0.5), Grain(25, 0.3), Grain(155, 0.3)),
        ),
        Part("sacral arcs", arcs, 5, 1.0, cortex=0.8, density=0.6),
        Part("sacral crest", (crest,), 9, 3, cortex=1.0, density=0.8),
        Part("promontory", (ends,), 12, 1.2, cortex=1.2, density=0.7),
        Part("coccyx", coccyx, 7, 3, cortex=0.8),
    )


def _hip_bone(side: int, vary: Variation) -> tuple[Part, ...]:
    flare = 1 + vary.normal("pelvis.flare", 0.025)
    x, y = HEAD
    wing = [
        (37, -86), (50, -112), (76 * flare, -130), (104 * flare, -130), (128 * flare, -114),
        (143 * flare, -88), (144 * flare, -68), (137, -50), (128, -30), (125, -12), (122, 6),
        (121, 20), (122, 30), (120, 50), (110, 70), (98, 84), (88, 94), (84, 112), (76, 128),
        (63, 134), (50, 129), (37, 117), (24, 104), (12, 98), (4, 94), (3.2, 76), (8, 66),
        (22, 65), (40, 59), (55, 47), (64, 30), (67, 10), (62, -12), (51, -32), (41, -48),
        (35, -66),
    ]
    body = [
        (64, -2), (84, -8), (110, -4), (121, 14), (121, 40), (112, 66), (96, 84), (86, 96),
        (82, 114), (72, 127), (62, 129), (56, 116), (66, 102), (66, 84), (54, 72), (30, 77),
        (12, 92), (5, 92), (5, 76), (12, 68), (40, 61), (57, 49), (66, 30),
    ]
    hole = closed(
        sided(
            [
                (28, 84), (36, 75), (50, 74), (60, 80), (64, 92), (61, 107), (52, 114),
                (41, 108), (31, 96),
            ],
            side,
        )
    )
    roof = [(x + 28.5 * np.cos(a), y + 28.5 * np.sin(a)) for a in np.deg2rad(range(196, 338, 12))]
    lines = (
        tube(
            sided(
                [(38, -52), (52, -30), (64, -8), (69, 14), (66, 32), (56, 48), (40, 60), (14, 67)],
                side,
            ),
            1.0,
        ),
        tube(sided([(60, -14), (72, 12), (75, 40), (72, 70), (70, 96)], side), 0.8),
        tube(sided([(70, 44), (68, 58), (72, 66), (76, 58), (75, 44)], side), 0.8),
    )
    crest = tube(
        sided(
            [
                (44, -100), (58, -119), (78 * flare, -127), (104 * flare, -126),
                (125 * flare, -111), (139 * flare, -88), (140 * flare, -70),
            ],
            side,
        ),
        [2, 3, 3.4, 3.6, 3.4, 3, 2.4],
    )
    name = "left" if side > 0 else "right"
    radial = tuple(Grain(a if side > 0 else 180 - a, 0.4) for a in (60, 90, 120))
    return (
        Part(
            f"hip bone {name}",
            (closed(sided(wing, side)),), 17, 6,
            holes=(hole,),
            grain=radial,
            cortex=1.2,
        ),
        Part(
            f"acetabulum {name}",
            (closed(sided(body, side)),), 20, 26,
            holes=(hole,),
            grain=radial,
            cortex=0.7,
        ),
        Part(f"iliac crest {name}", (crest,), 9, 3, cortex=1.0, density=0.8),
        Part(
            f"acetabular roof {name}",
            (tube(sided(roof, side), [0.6, 1.4, 2, 2.2, 2.2, 2, 2, 2, 2, 2, 1.4, 0.7]),), 13, 2,
            cortex=1.6,
        ),
        Part(f"pelvic lines {name}", lines, 8, 1.1, cortex=0.9, density=0.5),
    )


def _femur(side: int, vary: Variation) -> Part:
    x, y = HEAD
    low = vary.normal("pelvis.neck", 2.5)
    stem = [
        (98, 26), (108, 27), (117, 36), (126, 42 + low), (135, 43 + low), (140, 37 + low),
        (148, 38 + low), (155, 50 + low), (155, 66), (150, 86), (146, 112), (142, 150),
        (139, 240), (109, 240), (112, 150), (113, 132), (108, 123), (103, 115), (104, 107),
        (109, 100), (109, 88), (105, 76), (100, 68), (90, 62), (84, 46), (88, 32),
    ]
    outline = closed(sided(stem, side))
    marrow = shaft(outline, [30, 70, 95, 130, 170], [1.0, 1.4, 3.0, 5.5, 6.5])
    ball = ellipse(side * x, y, HEAD_RADIUS, HEAD_RADIUS)
    core = ellipse(side * x, y, HEAD_RADIUS - 1.1, HEAD_RADIUS - 1.1)

    def toward(angle: float) -> float:
        return angle if side > 0 else 180 - angle

    grain = (
        Grain(toward(72), 0.9, (side * 101, 62), 22),
        Grain(toward(20), 0.7, (side * 125, 56), 20),
        Grain(toward(62), 0.5, (side * 140, 90), 24),
        Grain(toward(115), 0.45, (side * 125, 90), 24),
        Grain(90, 0.35),
    )
    name = f"femur {'left' if side > 0 else 'right'}"

    return Part(name, (outline, ball), 30, 13, marrow=(marrow, core), grain=grain)
