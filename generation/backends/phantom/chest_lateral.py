"""The chest from the side, the front to the reader's left, the arms raised."""

import numpy as np

from generation.backends.phantom.chest import MARGINS
from generation.backends.phantom.parts import Grain, Material, Part, Technique, View
from generation.backends.phantom.shapes import closed, moved, points, tube
from generation.backends.phantom.spine import column
from generation.backends.phantom.spine import lateral as side_on
from generation.backends.phantom.spine.column import shifted
from generation.backends.phantom.thorax import rib_lateral, vessels
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

TECHNIQUE = Technique(
    field=(290, 400), beam=1.75, scatter=0.35, slope=3.8, gamma=1.2, window=(0.5, 99.8),
    detail=(0.15, 0.5, 0.4), texture=0.4,
)
LEVELS = ("C6", "C7", *column.THORACIC, "L1", "L2")
TILTS = (-22, -20, -17, -18, -18, -16, -13, -9, -5, -1, 3, 7, 11, 14, 15, 13)
BONY = (Grain(70, 0.6),)
BACK = 22.0  # mm from the middle of the cage to the middle of the view


def lateral(vary: Variation) -> View:
    parts = (*soft(vary), *spine(vary), *sternum(), *ribs(vary), *_scapulae(), *_humeri())
    return View(parts, TECHNIQUE, MARGINS)


def soft(vary: Variation) -> tuple[Part, ...]:
    return (*_trunk(), *_lungs(vary), *_heart(vary))


def _trunk() -> tuple[Part, ...]:
    skin = closed(
        [
            (-72, -190), (-60, -150), (-84, -118), (-108, -70), (-122, -10), (-126, 60),
            (-122, 130), (-118, 240), (98, 240), (108, 170), (124, 90), (136, 20), (136, -50),
            (124, -110), (104, -160), (94, -200), (80, -240), (-110, -260), (-150, -240),
            (-140, -196),
        ]
    )
    arms = closed(
        [(-200, -250), (-120, -176), (-62, -130), (0, -116), (60, -128), (96, -170), (100, -250)]
    )
    muscle = closed(
        [
            (92, -190), (112, -130), (122, -50), (122, 30), (110, 100), (90, 230), (70, 230),
            (84, 90), (100, 0), (98, -90), (76, -170),
        ]
    )
    return (
        Part("skin", (skin,), 285, 62, Material.BODY),
        Part("arms", (arms,), 70, 40, Material.SOFT),
        Part("back muscles", (muscle,), 150, 12, Material.SOFT),
    )


def _lungs(vary: Variation) -> tuple[Part, ...]:
    d = vary.normal("chest.breath", 5)
    outline = [
        (12, -160), (-14, -148), (-38, -122), (-62, -84), (-82, -40), (-93, 6), (-97, 52),
        (-94, 76 + d), (-66, 64 + d), (-30, 62 + d), (6, 72 + d), (42, 94 + d), (70, 124 + d),
        (92, 134 + d), (104, 112), (110, 60), (112, 0), (106, -60), (88, -112), (62, -148),
        (36, -162),
    ]
    near = closed(outline)
    lower = points(outline) + np.where(points(outline)[:, 1:] > 55, (0.0, 11.0), (0.0, 0.0))
    branches = (
        *vessels(vary, "vessels.side", (6, -12), [-60, -110, -150, 165, 110, 75, 45, 20, -20], 4.2),
    )
    hilum = closed([(-6, -26), (8, -30), (22, -18), (22, 2), (8, 16), (-6, 8), (-12, -8)])
    return (
        Part("right lung", (near,), 84, 50, Material.LUNG),
        Part("left lung", (closed(lower),), 78, 50, Material.LUNG),
        Part("vessels", branches, 0, None, Material.WATER, density=2.2),
        Part("hilum", (hilum,), 40, 14, Material.WATER),
    )


def _heart(vary: Variation) -> tuple[Part, ...]:
    size = 1 + vary.normal("chest.heart", 0.05)
    low = vary.normal("chest.breath", 5)
    heart = closed(
        [
            (-40, -36), (-62, -14), (-84 * size, 24), (-98, 70 + low), (-92, 104 + low),
            (-10, 112 + low), (20 * size, 90 + low), (30 * size, 48), (24 * size, 16), (8, -14),
            (-14, -34),
        ]
    )
    arch = tube(
        [(-32, -20), (-30, -60), (-6, -92), (28, -92), (52, -64), (64, -10), (66, 60), (60, 140)],
        [14, 14, 13, 12, 12, 11, 10, 9],
    )
    airway = tube([(4, -240), (2, -170), (6, -110), (14, -48), (17, -26)], [9, 8.5, 8, 7.5, 6])
    bronchi = (
        closed([(8, -30), (16, -36), (23, -30), (22, -20), (14, -16), (8, -21)]),
        closed([(10, -8), (16, -11), (21, -7), (20, 1), (13, 3), (9, -1)]),
    )
    bubble = closed([(-20, 100 + low), (6, 92 + low), (34, 110 + low), (30, 128), (-10, 126)])
    return (
        Part("heart", (heart,), 92, 36, Material.WATER),
        Part("aorta", (arch,), 15, 13, Material.WATER),
        Part("trachea", (airway,), 15, 8, Material.GAS),
        Part("bronchi", bronchi, 22, 5, Material.GAS),
        Part("stomach bubble", (bubble,), 60, 20, Material.GAS),
    )


def spine(vary: Variation) -> tuple[Part, ...]:
    kyphosis = 1 + vary.normal("spine.kyphosis", 0.1)
    levels = column.stacked(LEVELS, [kyphosis * tilt for tilt in TILTS], "T7", (86, -22), 1.02)
    return tuple(part for level in levels for part in side_on.vertebra(level, vary))


def sternum() -> tuple[Part, ...]:
    manubrium = closed([
        (-58, -134), (-52, -138), (-46, -134), (-46, -124), (-55, -108), (-65, -91), (-72, -87),
        (-75, -93), (-66, -112),
    ])
    body = closed(
        [
            (-77, -84), (-72, -86), (-67, -82), (-75, -62), (-84, -36), (-93, -4), (-99, 24),
            (-103, 30), (-107, 27), (-104, 4), (-95, -30), (-86, -58),
        ]
    )
    tip = tube([(-104, 32), (-105, 46), (-101, 60)], [3, 2.5, 1.6])
    return (
        Part("manubrium", (manubrium,), 40, 6, cortex=0.8, grain=BONY),
        Part("sternum", (body,), 30, 5, cortex=0.8, grain=BONY),
        Part("xiphoid", (tip,), 14, 3, cortex=0.5, density=0.8),
    )


def ribs(vary: Variation) -> tuple[Part, ...]:
    every = (rib_lateral(number, side, vary) for number in range(1, 13) for side in (-1, 1))
    return shifted(every, 0, BACK)


def _scapulae() -> tuple[Part, ...]:
    blade = tube([(66, -156), (84, -124), (100, -84), (106, -48)], [7, 4, 3, 4])
    return (
        Part("scapula right", (blade,), 16, 4, cortex=0.9, density=0.7),
        Part("scapula left", (moved(blade, -9, -7),), 14, 4, cortex=0.9, density=0.6),
    )


def _humeri() -> tuple[Part, ...]:
    """The raised arms above and before the lungs."""
    arm = tube([(58, -160), (20, -182), (-60, -214), (-150, -250)], [19, 14, 12, 12])
    return (
        Part("humerus right", (arm,), 24, 11, cortex=2.0, density=0.6),
        Part("humerus left", (moved(arm, -6, -10),), 24, 11, cortex=2.0, density=0.5),
    )
