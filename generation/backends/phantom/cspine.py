"""The cervical spine: AP below the jaw, lateral from the base of the skull to the shoulders."""

from dataclasses import replace

from generation.backends.phantom import skull
from generation.backends.phantom.parts import Material, Part, Technique, View
from generation.backends.phantom.shapes import closed, moved, sided, symmetric, tube
from generation.backends.phantom.spine import axis, column, frontal
from generation.backends.phantom.spine.column import shifted
from generation.backends.phantom.thorax import clavicle, rib_ap
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

SIDES = (-1, 1)
ORIGIN = -208.0  # of the AP's middle, in the trunk's frame
TECHNIQUE = Technique(
    field=(164, 236), beam=0.95, scatter=0.28, slope=4.0, gamma=1.5, window=(0.6, 99.7),
    detail=(0.45, 0.5, 0.35), texture=0.5,
)
SIDE = Technique(
    field=(182, 244), beam=0.85, scatter=0.28, slope=4.4, gamma=1.15, window=(0.6, 98.5),
    detail=(0.9, 0.8, 0.4), texture=0.5,
)


def ap(vary: Variation) -> View:
    first, second, *rest = column.frontal((*column.CERVICAL, "T1", "T2", "T3", "T4"))
    hidden = (*axis.atlas_frontal(first), *axis.axis_frontal(second))
    parts = (
        *_trunk(),
        *(replace(part, density=0.8 * part.density) for part in hidden),
        *(part for level in rest for part in frontal.vertebra(level, vary)),
        *_head(vary),
        *(rib_ap(number, side, vary) for number in (1, 2, 3, 4) for side in SIDES),
        *(clavicle(side, vary) for side in SIDES),
        *_air(),
    )
    return View(shifted(parts, -ORIGIN), TECHNIQUE, (0.03, 0.03, 0.03, 0.03))


def _trunk() -> tuple[Part, ...]:
    skin = symmetric([
        (0, -420), (86, -420), (84, -330), (77, -288), (62, -262), (56, -244), (58, -218),
        (72, -192), (110, -172), (180, -158), (210, -60), (0, -60),
    ])
    muscle = [(22, -330), (30, -270), (34, -220), (26, -170), (14, -140)]
    neck = tuple(
        tube(sided(muscle, s), [13, 14, 13, 9, 6])
        for s in SIDES
    )
    chest = symmetric([(0, -200), (30, -196), (80, -172), (190, -150), (190, -40), (0, -40)])
    return (
        Part("skin", (skin,), 125, 50, Material.BODY),
        Part("chest wall", (chest,), 40, 40, Material.BODY, density=0.9),
        Part("neck muscles", neck, 46, 14, Material.SOFT),
    )


def _head(vary: Variation) -> tuple[Part, ...]:
    """The lifted jaw, its angles lowest, and the occiput over the first two vertebrae."""
    tip = vary.normal("neck.chin", 3)
    jaw = symmetric([
        (0, -360), (50, -360), (70, -360), (71, -310), (68, -288 + tip), (61, -281 + tip),
        (53, -287 + tip), (40, -297), (20, -304), (0, -306),
    ])
    occiput = symmetric([(0, -440), (80, -420), (78, -346), (54, -312), (26, -299), (0, -296)])
    rim = [(-56, -300), (-40, -308), (0, -314), (40, -308), (56, -300)]
    floor = moved(tube(rim, 0.9), 0, tip)
    return (
        Part("occipital bone", (occiput,), 58, 26, cortex=1.4),
        Part("mandible", (jaw,), 30, 16, cortex=2.0),
        Part("mandible line", (floor,), 10, 1.2, cortex=0.9, density=0.6),
    )


def _air() -> tuple[Part, ...]:
    trachea = tube(
        [(0, -262), (0, -240), (0, -226), (0, -218), (0, -200), (0.6, -150), (2, -80)],
        [8, 7, 3.4, 3.8, 7.6, 8, 8],
    )
    apices = tuple(
        closed(sided([
            (15, -60), (18, -120), (24, -152), (40, -170), (62, -164), (84, -140), (104, -96),
            (112, -40), (16, -40),
        ], s))
        for s in SIDES
    )
    return (
        Part("lungs", apices, 105, 44, Material.LUNG),
        Part("trachea", (trachea,), 17, 7, Material.GAS),
    )


def lateral(vary: Variation) -> View:
    parts = (*_neck(vary), *skull.neck(vary), *skull.bones(vary))
    return View(shifted(parts, -136, -26), SIDE, (0.03, 0.03, 0.03, 0.03))


def _neck(vary: Variation) -> tuple[Part, ...]:
    """Flesh in the frame of the lateral skull."""
    low = vary.normal("neck.shoulders", 6)
    skin = closed([
        (-101, -60), (-112, 50), (-104, 100), (-96, 128), (-66, 136), (-42, 142), (-34, 160),
        (-36, 190), (-60, 226), (-100, 252), (-140, 330), (160, 330), (128, 240), (104, 200),
        (90, 160),
        (86, 110), (96, 60), (106, 0), (100, -60),
    ])
    shoulders = closed([
        (-120, 290), (-70, 246 + low), (-20, 222 + low), (30, 204 + low), (80, 192 + low),
        (130, 196 + low), (180, 260), (170, 400), (-120, 400),
    ])
    muscle = closed([(54, 40), (84, 60), (80, 120), (82, 170), (110, 230), (60, 230), (50, 120)])
    return (
        Part("skin", (skin,), 118, 60, Material.BODY),
        Part("shoulders", (shoulders,), 190, 150, Material.BODY, density=0.95),
        Part("neck muscles", (muscle,), 60, 14, Material.SOFT),
    )
