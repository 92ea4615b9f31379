"""The chest from the front: PA, and AP with a broader heart and the scapulae over the lungs.

The patient's left, with the apex of the heart, is to the reader's right.
"""

from dataclasses import replace

from generation.backends.phantom.parts import Material, Part, Points, Technique, View
from generation.backends.phantom.shapes import Pairs, closed, ellipse, sided, tube
from generation.backends.phantom.spine import vertebra_ap
from generation.backends.phantom.thorax import LEVELS, rib_in_space, rib_radii, vessels
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

TECHNIQUE = Technique(
    field=(352, 400),
    beam=1.15,
    scatter=0.35,
    slope=3.4, gamma=1.5,
    window=(0.4, 99.9),
    detail=(0.55, 0.6, 0.7),
    texture=0.6,
)
MARGINS = (0.02, 0.02, 0.02, 0.02)


def pa(vary: Variation) -> View:
    return _frontal(vary, heart=1.0, scapula=0.0)


def ap(vary: Variation) -> View:
    return _frontal(vary, heart=1.13, scapula=-24.0)


def _frontal(vary: Variation, heart: float, scapula: float) -> View:
    parts = (
        *_trunk(vary),
        *_lungs(vary),
        *_mediastinum(vary, heart),
        *_spine(),
        *(_rib(number, side, vary) for number in range(1, 13) for side in (-1, 1)),
        *(part for side in (-1, 1) for part in _girdle(side, scapula, vary)),
        *(_clavicle(side, vary) for side in (-1, 1)),
    )
    return View(parts, TECHNIQUE, MARGINS)


def _trunk(vary: Variation) -> tuple[Part, ...]:
    fat = 1 + vary.normal("chest.fat", 0.04)
    right = [
        (0, -235), (48, -235), (54, -196), (84, -180), (140, -172), (188, -150), (212, -100),
        (215, 0), (178, 6), (166, 40), (163, 120), (168, 240), (0, 240),
    ]
    skin = closed([(x * fat, y) for x, y in right] + [(-x * fat, y) for x, y in right[-2:0:-1]])
    shoulder = tuple(
        closed(
            sided(
                [
                    (120, -168), (176, -150), (212, -95), (215, -5), (185, -8), (158, -30),
                    (150, -90),
                ],
                side,
            )
        )
        for side in (-1, 1)
    )
    pectoral = tuple(
        closed(sided([(60, -100), (118, -118), (152, -92), (148, -40), (112, -8), (70, -22)], side))
        for side in (-1, 1)
    )
    parts = [
        Part("skin", (skin,), 205, 70, Material.BODY),
        Part("shoulders", shoulder, 40, 24, Material.SOFT),
        Part("pectorals", pectoral, 95, 30, Material.SOFT),
    ]
    if vary.choice("chest.sex", ("f", "m")) == "f":
        low = vary.uniform("chest.breast", 78, 104)
        breasts = tuple(ellipse(side * 84, low - 34, 58, 50, side * -14) for side in (-1, 1))
        parts.append(Part("breasts", breasts, 32, 34, Material.BODY, density=0.9))
    return tuple(parts)


def _lungs(vary: Variation) -> tuple[Part, ...]:
    dome = vary.normal("chest.breath", 5)
    right = [
        (-16, -70), (-20, -118), (-28, -146), (-46, -160), (-66, -154), (-84, -132), (-102, -96),
        (-116, -50), (-124, 0), (-129, 50), (-132, 94), (-133, 112 + dome), (-122, 98 + dome),
        (-100, 84 + dome), (-74, 78 + dome), (-48, 83 + dome), (-26, 97 + dome), (-18, 88),
        (-15, 30),
    ]
    left = [
        (16, -70), (21, -118), (29, -146), (46, -160), (66, -154), (84, -132), (102, -96),
        (116, -50), (124, 0), (129, 50), (132, 98), (133, 121 + dome), (122, 108 + dome),
        (100, 95 + dome), (76, 90 + dome), (50, 95 + dome), (26, 106 + dome), (17, 94), (14, 30),
    ]
    recess = [
        closed(
            [
                (sx * 20, 60), (sx * 120, 70), (sx * 128, 100), (sx * 100, 122 + dome),
                (sx * 60, 128 + dome), (sx * 24, 118 + dome),
            ]
        )
        for sx in (-1, 1)
    ]
    branches = (
        *vessels(vary, "vessels.right", (-34, -6), [190, 222, 255, 160, 130, 108, 96], 4.4),
        *vessels(vary, "vessels.left", (36, -16), [-8, -45, -75, 18, 45, 70, 88], 4.4),
    )
    hila = (
        tube([(-24, -18), (-36, -2), (-40, 22), (-37, 40)], [9, 9, 7.5, 4]),
        tube([(24, -30), (37, -20), (42, -2), (41, 20)], [9, 10, 7, 3]),
    )
    return (
        Part("lungs", (closed(right), closed(left)), 180, 40, Material.LUNG),
        Part("recesses", tuple(recess), 22, 30, Material.LUNG),
        Part("vessels", branches, 0, None, Material.WATER, density=2.2),
        Part("hila", hila, 24, 9, Material.WATER),
    )


def _mediastinum(vary: Variation, heart: float) -> tuple[Part, ...]:
    h = heart * (1 + vary.normal("chest.heart", 0.05))
    low = vary.normal("chest.breath", 5)
    outline = closed(
        [
            (-18, -52), (-24, -10), (-33 * h, 20), (-39 * h, 48), (-38 * h, 74), (-26, 94 + low),
            (10, 104 + low), (48 * h, 108 + low), (78 * h, 103 + low), (90 * h, 92),
            (88 * h, 74), (77 * h, 50), (62 * h, 24), (48 * h, 0), (38, -18), (30, -34),
            (20, -52),
        ]
    )
    vessels_top = closed(
        [
            (-18, -190), (-20, -130), (-24, -100), (-23, -60), (-20, -10), (24, -10), (32, -38),
            (36, -56), (37, -70), (31, -80), (22, -86), (20, -130), (18, -190),
        ]
    )
    aorta = tube([(27, -68), (26, -30), (22, 20), (16, 80), (8, 140)], [10.5, 9.5, 9, 8.5, 8])
    airway = (
        tube([(0, -230), (0, -150), (2, -85), (3, -58)], [8.5, 8, 7.8, 7.5]),
        tube([(3, -58), (-13, -36), (-26, -18)], [6.5, 5.8, 5]),
        tube([(3, -58), (20, -40), (36, -24)], [5.8, 5.2, 4.4]),
    )
    bubble = closed([(56, 140), (72, 120 + low), (96, 120 + low), (112, 138), (90, 150)])
    return (
        Part("heart", (outline,), 112, 46, Material.WATER),
        Part("great vessels", (vessels_top,), 62, 22, Material.WATER),
        Part("aorta", (aorta,), 24, 11, Material.WATER),
        Part("airway", airway, 15, 7, Material.GAS),
        Part("stomach bubble", (bubble,), 45, 18, Material.GAS),
    )


def _spine() -> tuple[Part, ...]:
    parts: list[Part] = list(vertebra_ap("C7", (0, LEVELS[0] - 19), 27, 14, 14))
    for k, y in enumerate(LEVELS):
        name = f"T{k + 1}" if k < 12 else f"L{k - 11}"
        parts += vertebra_ap(name, (0, y), 27 + 0.9 * k, 17 + 0.55 * k, 17 - 0.5 * k)
    return tuple(replace(part, density=0.62 * part.density) for part in parts)


def _rib(number: int, side: int, vary: Variation) -> Part:
    line = rib_in_space(number, vary)[:, :2]
    outline = tube(sided(line, side), rib_radii(len(line)), steps=3)
    return Part(f"rib {number} {'left' if side > 0 else 'right'}", (outline,), 9.5, 3.6, cortex=1.2)


def _clavicle(side: int, vary: Variation) -> Part:
    lift = vary.normal("chest.clavicle", 4)
    path = [
        (17, -127), (30, -131), (58, -137 - lift / 2), (92, -147 - lift), (124, -155 - lift),
        (150, -157 - lift),
    ]
    outline = tube(sided(path, side), [9.5, 7.5, 5.8, 5.2, 6.2, 6.5])
    name = f"clavicle {'left' if side > 0 else 'right'}"
    return Part(name, (outline,), 13, 5.2, cortex=1.8)


def _girdle(side: int, turn: float, vary: Variation) -> tuple[Part, ...]:
    """Scapula, seen obliquely, and the upper end of the humerus."""
    t = turn + vary.normal("chest.scapula", 3)
    blade = [
        (116 + t, -138), (136 + t * 0.6, -140), (150, -133), (157, -118), (152, -104),
        (146, -84), (141 + t * 0.5, -50), (136 + t * 0.8, -12), (129 + t, -6), (121 + t, -22),
        (115 + t, -66), (112 + t, -112),
    ]
    spine = [(114 + t, -117), (138, -134), (160, -152), (174, -154)]
    coracoid = [(146, -136), (139, -145), (130, -141)]
    return (
        Part("scapula", (_o(blade, side),), 5.5, 5, cortex=1.2, density=0.85),
        Part("acromion", (tube(sided(spine, side), [3, 5.5, 6.5, 7]),), 9, 4, cortex=1.3),
        Part("coracoid", (tube(sided(coracoid, side), [5.5, 5, 4.5]),), 10, 4, cortex=1.2),
        _humerus(side),
    )


def _humerus(side: int) -> Part:
    outline = _o(
        [
            (160, -134), (170, -146), (184, -146), (194, -136), (197, -120), (194, -100),
            (196, -60), (198, 20), (178, 20), (176, -60), (172, -92), (162, -108), (157, -120),
        ],
        side,
    )
    return Part("humerus", (outline,), 30, 11, cortex=2.2)


def _o(pairs: Pairs, side: int) -> Points:
    return closed(sided(pairs, side))
