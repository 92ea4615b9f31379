"""The chest from the front: PA, and AP with a broader heart and the scapulae over the lungs.

The patient's left, with the apex of the heart, is to the reader's right.
"""

from dataclasses import replace

from generation.backends.phantom.parts import Material, Part, Points, Technique, View
from generation.backends.phantom.shapes import Pairs, closed, ellipse, sided, symmetric, tube
from generation.backends.phantom.spine import column, frontal
from generation.backends.phantom.thorax import clavicle, rib_ap, vessels
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

TECHNIQUE = Technique(
    field=(340, 376), beam=1.3, scatter=0.3, slope=3.6, gamma=1.15, window=(0.4, 99.7),
    detail=(0.1, 0.4, 0.4), texture=0.4,
)
MARGINS = (0.02, 0.02, 0.02, 0.02)
SIDES = (-1, 1)
SPINE = ("C6", "C7", *column.THORACIC, "L1", "L2", "L3")


def pa(vary: Variation) -> View:
    return View(thorax(vary, heart=1.0, scapula=4.0), TECHNIQUE, MARGINS)


def ap(vary: Variation) -> View:
    return View(thorax(vary, heart=1.13, scapula=-20.0), TECHNIQUE, MARGINS)


def thorax(
    vary: Variation, heart: float, scapula: float, spine_density: float = 0.6
) -> tuple[Part, ...]:
    """All parts, in the frame of the trunk. `scapula` is how far out it lies (mm)."""
    spine = (part for level in column.frontal(SPINE) for part in frontal.vertebra(level, vary))
    return (
        *_trunk(vary),
        *_lungs(vary),
        *_mediastinum(vary, heart),
        *(replace(part, density=spine_density * part.density) for part in spine),
        _sternum(),
        *(rib_ap(number, side, vary) for number in range(1, 13) for side in SIDES),
        *(part for side in SIDES for part in _girdle(side, scapula, vary)),
        *(clavicle(side, vary) for side in SIDES),
    )


def _trunk(vary: Variation) -> tuple[Part, ...]:
    fat = 1 + vary.normal("chest.fat", 0.04)
    right = [
        (0, -260), (52, -260), (56, -214), (72, -194), (120, -180), (176, -168), (206, -146),
        (222, -100), (228, 0), (226, 60), (196, 66), (180, 20), (172, 60), (166, 120), (166, 260),
        (0, 260),
    ]
    pectoral = _both([(56, -110), (110, -124), (158, -108), (160, -60), (126, -20), (74, -26)])
    arm = _both([
        (150, -176), (206, -150), (226, -60), (226, 70), (192, 66), (172, -20), (160, -90),
    ])
    wall = symmetric([
        (0, -190), (40, -186), (90, -166), (128, -120), (150, -50), (158, 40), (160, 140),
        (160, 260), (0, 260),
    ])
    parts = [
        Part("skin", (symmetric([(x * fat, y) for x, y in right]),), 190, 110, Material.BODY),
        Part("chest wall", (wall,), 30, 30, Material.SOFT),
        Part("arms", arm, 30, 36, Material.SOFT),
        Part("pectorals", pectoral, 50, 48, Material.SOFT),
    ]
    if vary.choice("chest.sex", ("f", "m")) == "f":
        low = vary.uniform("chest.breast", 74, 100)
        breasts = tuple(ellipse(s * 88, low - 20, 62, 58, s * -16) for s in SIDES)
        parts.append(Part("breasts", breasts, 22, 56, Material.BODY, density=0.8))
    return tuple(parts)


def _lungs(vary: Variation) -> tuple[Part, ...]:
    d = vary.normal("chest.breath", 5)
    right = [
        (-15, -74), (-17, -118), (-24, -150), (-40, -167), (-62, -162), (-84, -138), (-104, -98),
        (-120, -50), (-129, 0), (-135, 50), (-138, 92), (-139, 118 + d), (-133, 113 + d),
        (-120, 96 + d), (-100, 84 + d), (-76, 78 + d), (-52, 81 + d), (-30, 92 + d), (-19, 98 + d),
        (-16, 60), (-15, 0),
    ]
    left = [
        (15, -74), (18, -118), (25, -150), (41, -167), (62, -162), (84, -138), (104, -98),
        (120, -50), (129, 0), (135, 50), (138, 98), (139, 125 + d), (133, 120 + d), (120, 105 + d),
        (102, 94 + d), (78, 89 + d), (54, 93 + d), (34, 102 + d), (20, 106 + d), (16, 60), (15, 0),
    ]
    recess = tuple(
        closed([
            (s * 16, 60), (s * 118, 70), (s * 134, 112 + d), (s * 104, 128 + d), (s * 62, 134 + d),
            (s * 18, 124 + d),
        ])
        for s in SIDES
    )
    branches = (
        *vessels(vary, "vessels.right", (-34, -16), [188, 212, 234, 254], 3.4),
        *vessels(vary, "vessels.right lower", (-38, 18), [172, 152, 134, 118, 106, 96], 3.6),
        *vessels(vary, "vessels.left", (38, -28), [-8, -32, -54, -74], 3.4),
        *vessels(vary, "vessels.left lower", (41, 4), [10, 30, 48, 62, 76, 88], 3.6),
    )
    hila = (
        tube([(-22, -26), (-33, -10), (-39, 10), (-40, 28), (-36, 46)], [8, 9, 8.5, 7, 3.5]),
        tube([(-30, -14), (-44, -24), (-56, -38)], [6, 4.5, 2.5]),
        tube([(22, -38), (36, -30), (42, -14), (42, 8), (38, 28)], [9, 10.5, 9, 6.5, 3]),
        tube([(36, -28), (50, -40), (58, -52)], [6, 4.5, 2.5]),
    )
    return (
        Part("lungs", (closed(right), closed(left)), 128, 58, Material.LUNG),
        Part("recesses", recess, 9, 34, Material.LUNG),
        Part("vessels", branches, 0, None, Material.WATER, density=2.1),
        Part("hila", hila, 26, 10, Material.WATER),
    )


def _mediastinum(vary: Variation, heart: float) -> tuple[Part, ...]:
    h = heart * (1 + vary.normal("chest.heart", 0.05))
    low = vary.normal("chest.breath", 5)
    outline = closed([
        (-18, -40), (-26, -6), (-36 * h, 20), (-43 * h, 48), (-42 * h, 76), (-32, 98 + low),
        (10, 108 + low), (48 * h, 112 + low), (76 * h, 109 + low), (92 * h, 100 + low),
        (96 * h, 84), (88 * h, 60), (67 * h, 32), (53 * h, 8), (43, -12), (38, -30), (26, -44),
    ])
    great = closed([
        (-17, -190), (-19, -130), (-24, -104), (-25, -66), (-21, -10), (24, -10), (34, -24),
        (38, -38),
        (35, -50), (33, -58), (38, -66), (38, -78), (31, -87), (22, -92), (19, -130), (17, -190),
    ])
    aorta = tube(
        [(28, -74), (29, -40), (26, 10), (20, 70), (12, 130), (8, 180)], [9.5, 9.5, 9, 8.5, 8, 8]
    )
    airway = (
        tube([(0, -250), (0, -170), (1, -110), (4, -64)], [8.5, 8.2, 7.8, 7.5]),
        tube([(4, -62), (-12, -42), (-25, -26)], [6.8, 6.0, 5]),
        tube([(4, -62), (20, -46), (36, -32)], [6.0, 5.2, 4.2]),
    )
    bubble = closed([
        (46, 128 + low), (60, 112 + low), (84, 108 + low), (106, 116 + low), (112, 134), (96, 146),
        (64, 148),
    ])
    return (
        Part("heart", (outline,), 105, 46, Material.WATER),
        Part("great vessels", (great,), 72, 22, Material.WATER),
        Part("aorta", (aorta,), 26, 10, Material.WATER),
        Part("airway", airway, 17, 7, Material.GAS),
        Part("stomach bubble", (bubble,), 38, 20, Material.GAS),
    )


def _sternum() -> Part:
    outline = symmetric([
        (0, -124), (14, -127), (27, -119), (26, -107), (16, -94), (13, -74), (15, -40), (19, -6),
        (15, 16),
        (6, 22), (0, 23),
    ])
    return Part("sternum", (outline,), 9, 5, cortex=0.7, density=0.7)


def _girdle(side: int, out: float, vary: Variation) -> tuple[Part, ...]:
    """Scapula, seen obliquely, and the upper end of the humerus."""
    t = out + vary.normal("chest.scapula", 3)
    blade = [
        (112 + t, -144), (122 + t, -151), (138 + t * 0.5, -144), (150, -138), (157, -124),
        (152, -108), (146 + t * 0.3, -84), (142 + t * 0.6, -50), (138 + t * 0.9, -18),
        (131 + t, -8),
        (124 + t, -22), (115 + t, -60), (109 + t, -104),
    ]
    edge = [(150, -112), (145 + t * 0.3, -84), (140 + t * 0.6, -50), (135 + t * 0.9, -16)]
    ridge = [(116 + t * 0.4, -122), (137, -140), (156, -156), (168, -164), (178, -160)]
    coracoid = [(146, -138), (138, -148), (129, -143)]
    glenoid = ellipse(side * 154, -126, 4.5, 17, side * 6)
    head = [
        (158, -122), (160, -136), (168, -149), (181, -153), (193, -146), (199, -132), (200, -116),
        (196, -96),
        (197, -50), (199, 40), (180, 40), (178, -50), (174, -84), (166, -100), (160, -110),
    ]
    name = "left" if side > 0 else "right"
    own = f"scapula {name}"
    border = _line(edge, side, [3, 2.6, 2.4, 2])
    acromion = _line(ridge, side, [1.5, 3.4, 5.6, 7.6, 6.4])
    hook = _line(coracoid, side, [5.5, 5.2, 4.6])
    return (
        Part(own, (closed(sided(blade, side)),), 7, 9, cortex=0.5, density=0.8),
        Part(f"{own} lateral border", (border,), 7, 2.6, cortex=0.7, density=0.5),
        Part(f"{own} acromion", (acromion,), 8, 5, cortex=0.6, density=0.6),
        Part(f"{own} coracoid", (hook,), 10, 5, cortex=0.7, density=0.8),
        Part(f"{own} glenoid", (glenoid,), 9, 3, cortex=0.9, density=0.7),
        Part(f"humerus {name}", (closed(sided(head, side)),), 30, 14, cortex=1.6),
    )


def _line(pairs: Pairs, side: int, radii: list[float]) -> Points:
    return tube(sided(pairs, side), radii)


def _both(pairs: Pairs) -> tuple[Points, ...]:
    return tuple(closed(sided(pairs, side)) for side in SIDES)
