"""The skull from the side, the face to the reader's left."""

from functools import partial

import numpy as np

from generation.backends.phantom.parts import Grain, Material, Part, Points, Technique, View
from generation.backends.phantom.shapes import (
    Pairs,
    closed,
    ellipse,
    inset,
    moved,
    points,
    rotated,
    tube,
)
from generation.backends.phantom.spine import column
from generation.backends.phantom.spine import lateral as side_on
from generation.backends.phantom.spine.axis import atlas_lateral, axis_lateral
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

TECHNIQUE = Technique(
    field=(240, 294),
    beam=0.95,
    scatter=0.25,
    slope=3.8,
    window=(0.8, 99.6),
    detail=(0.55, 0.6, 0.7),
)
MARGINS = (0.02, 0.02, 0.02, 0.02)
VAULT = [
    (-79, 2), (-85, -10), (-88, -26), (-87, -44), (-79, -68), (-62, -89), (-36, -102),
    (-4, -108), (30, -105), (60, -92), (82, -71), (95, -42), (98, -14), (94, 6), (83, 24),
    (66, 36), (50, 42), (36, 42), (22, 38), (6, 26), (-8, 20), (-22, 14), (-44, 4), (-64, 0),
]


def lateral(vary: Variation) -> View:
    parts = (
        *_flesh(vary),
        *neck(vary),
        *bones(vary),
    )
    return View(parts, TECHNIQUE, MARGINS)


def _flesh(vary: Variation) -> tuple[Part, ...]:
    nose = vary.normal("skull.nose", 2)
    head = closed(
        [
            (-85, 8), (-91, -8), (-95, -28), (-93, -50), (-84, -74), (-64, -97), (-36, -110),
            (-4, -116), (32, -113), (64, -100), (89, -76), (103, -44), (106, -12), (102, 14),
            (92, 40), (84, 66), (82, 100), (90, 150), (96, 220), (-34, 220), (-32, 150),
            (-44, 132), (-72, 134), (-92, 131), (-101, 120), (-98, 104), (-103, 94), (-99, 83),
            (-104, 74), (-98, 62), (-109 - nose, 52), (-111 - nose, 44), (-98, 24),
        ]
    )
    return (Part("skin", (head,), 128, 40, Material.BODY),)


def bones(vary: Variation) -> tuple[Part, ...]:
    return (*_vault(vary), *_base(vary), *_face(), *_mandible(vary), *teeth(vary))


def _vault(vary: Variation) -> tuple[Part, ...]:
    outer = closed(VAULT)
    x, y = outer.T
    thick = np.interp(y, [-110, -60, -12], [6.8, 6.0, 6.5]) * (1 + vary.normal("skull.vault", 0.1))
    thick *= np.interp(np.where(y > -6, x, 99), [62, 88], [0.5, 1.0])
    base = (x > -76) & (x < 62) & (y > -6)
    cavity = inset(outer, np.where(base, 5.0, thick))
    opened = inset(outer, np.where(base, -4.0, thick))  # the tables end at the base
    stream = vary.stream("skull.suture")
    coronal = suture([(-14, -106), (-18, -84), (-26, -58), (-36, -34)], stream)
    lambdoid = suture([(86, -62), (72, -44), (60, -18), (50, 8)], stream)
    grooves = (
        tube([(-30, 2), (-24, -26), (-18, -56), (-14, -86)], 0.9),
        tube([(-22, -30), (2, -56), (22, -82)], 0.7),
        tube([(-26, -4), (10, -30), (46, -44)], 0.7),
    )
    return (
        *shell("vault", outer, cavity, opened, depth=150, edge=80),
        Part("sutures", (*coronal, *lambdoid), 2.4, 0.8, cortex=0.3, density=-0.55),
        Part("meningeal grooves", grooves, 1.5, 1.0, cortex=0.5, density=-0.7),
    )


def shell(
    name: str, outer: Points, inner: Points, opened: Points, *, depth: float, edge: float
) -> tuple[Part, ...]:
    """A hollow vault: what a ray meets grows towards the rim, where it grazes the bone.

    The solid within `outer` less that within `inner`, and both tables as lines down to `opened`.
    """
    return (
        Part(name, (outer,), depth, edge, cortex=depth, density=0.55),
        Part(f"{name} cavity", (inner,), depth - 8, edge - 5, cortex=depth, density=-0.55),
        Part(f"{name} tables", (outer,), 13, 2.2, cortex=1.3, holes=(opened,), density=0.8),
    )


def suture(path: Pairs, stream: np.random.Generator) -> tuple[Points, ...]:
    """A serrated line: short strokes to both sides of the path."""
    fine = np.stack(
        [
            np.interp(np.linspace(0, len(path) - 1, 26), range(len(path)), column)
            for column in points(path).T
        ],
        1,
    )
    return (tube(fine + stream.normal(0, 1.0, fine.shape), 0.55, steps=2),)


def _base(vary: Variation) -> tuple[Part, ...]:
    sella = tube(
        [
            (-44, 3), (-30, 4), (-21, 5), (-17.5, 11), (-12, 14.5), (-6, 12), (-4.5, 5),
            (-2.5, 3.5), (0, 9), (6, 20), (14, 32), (20, 40),
        ],
        [1, 1.2, 1.2, 1, 0.9, 1, 1.5, 1.5, 1.8, 2, 2, 1.4],
    )
    roofs = (
        tube([(-82, -8), (-68, -11), (-54, -6), (-44, 2), (-34, 3)], 1.1),
        tube([(-81, -4), (-66, -7), (-52, -2), (-43, 4)], 1.0),
    )
    wing = tube([(-36, -22), (-31, -4), (-28, 12), (-30, 26)], [0.7, 1.2, 1.2, 0.8])
    petrous = closed([(4, 22), (14, 13), (26, 12), (36, 18), (42, 27), (36, 36), (22, 40), (9, 36)])
    mastoid = closed([(30, 24), (46, 22), (52, 34), (46, 52), (38, 60), (32, 46), (28, 36)])
    stream = vary.stream("skull.mastoid")
    cells = tuple(_cell(stream) for _ in range(26))
    canal = ellipse(22, 27, 3.6, 3.6)
    occipital = tube([(40, 44), (56, 40), (72, 31), (86, 18)], [1.5, 1.8, 2.2, 3.4])
    return (
        Part("sella and clivus", (sella,), 14, 1.6, cortex=1.0),
        Part(
            "sphenoid body",
            (
                closed(
                    [
                        (-40, 6), (-22, 7), (-14, 17), (-4, 14), (14, 34), (10, 42), (-6, 36),
                        (-30, 30),
                    ]
                ),
            ),
            16,
            6,
        ),
        Part("orbital roofs", roofs, 16, 1.1, cortex=0.8),
        Part("sphenoid wing", (wing,), 8, 1.1, cortex=0.6),
        Part("petrous bones", (petrous, moved(petrous, -5, -3)), 34, 14, cortex=1.2, density=0.9),
        Part("mastoids", (mastoid,), 24, 9, cortex=0.6),
        Part("mastoid cells", cells, 12, 2.0, Material.GAS),
        Part("ear canals", (canal,), 20, 2.6, Material.GAS),
        Part("occipital squama", (occipital,), 20, 2.2, cortex=0.9),
    )


def _cell(stream: np.random.Generator) -> Points:
    x, y = stream.normal((39, 36), (5.5, 8))
    rx, ry, turn = stream.uniform((1.2, 1.2, 0), (2.8, 2.8, 90))
    return ellipse(x, y, rx, ry, turn)


def _face() -> tuple[Part, ...]:
    nasal = tube([(-82, 2), (-88, 12), (-96, 26)], [3.2, 2.4, 1.2])
    maxilla = closed(
        [
            (-80, 10), (-66, 6), (-40, 14), (-34, 34), (-38, 60), (-42, 72), (-66, 76),
            (-86, 76), (-90, 66), (-84, 52), (-82, 34),
        ]
    )
    palate = tube([(-92, 60), (-80, 61), (-60, 62), (-40, 61)], [1.2, 2, 1.8, 1.4])
    rims = (
        tube([(-69, -8), (-62, 2), (-58, 14), (-62, 26), (-70, 31)], [2.2, 1.8, 1.6, 1.8, 1.4]),
        tube([(-65, -8), (-58, 3), (-54, 15), (-58, 28), (-66, 34)], [1.8, 1.5, 1.4, 1.5, 1.2]),
    )
    malar = closed([(-62, 26), (-50, 30), (-44, 36), (-50, 54), (-58, 46)])
    arch = tube([(-48, 34), (-30, 31), (-8, 27), (10, 24)], [2.4, 1.7, 1.7, 2.4])
    frontal = closed([(-84, -20), (-81, -28), (-77, -22), (-77, -8), (-80, -3), (-84, -8)])
    antrum = closed([(-76, 30), (-62, 26), (-46, 29), (-42, 44), (-48, 57), (-70, 57), (-78, 46)])
    ethmoid = closed([(-72, 4), (-44, 8), (-42, 22), (-70, 24)])
    sphenoid = closed([(-38, 9), (-24, 9), (-15, 18), (-12, 27), (-26, 29), (-38, 26)])
    pterygoid = tube([(-34, 30), (-37, 46), (-38, 60)], [1.6, 1.2, 1.0])
    return (
        Part("nasal bones", (nasal,), 12, 2.2, cortex=1.6),
        Part("maxillae", (maxilla,), 26, 18, cortex=0.35),
        Part("hard palate", (palate,), 20, 1.6, cortex=0.9),
        Part("orbital rims", rims, 8, 1.7, cortex=0.8),
        Part("malar bones", (malar,), 11, 6, cortex=0.5),
        Part("zygomatic arches", (arch,), 6, 2.0, cortex=0.7),
        Part("pterygoid plates", (pterygoid,), 9, 1.4, cortex=0.7),
        Part("frontal sinus", (frontal,), 30, 3, Material.GAS),
        Part("maxillary sinuses", (antrum,), 32, 13, Material.GAS),
        Part("ethmoid cells", (ethmoid,), 20, 5, Material.GAS),
        Part("sphenoid sinus", (sphenoid,), 26, 5, Material.GAS),
    )


JAW = [
    (5, 28), (11, 31), (11, 38), (6, 47), (6, 64), (7, 82), (1, 96), (-14, 104), (-40, 114),
    (-68, 123), (-84, 124), (-91, 118), (-90, 106), (-89, 91), (-70, 90), (-46, 89), (-30, 87),
    (-22, 76), (-20, 60), (-23, 46), (-20, 42), (-14, 48), (-6, 54), (-1, 46), (1, 36),
]


def _mandible(vary: Variation) -> tuple[Part, ...]:
    near = closed(JAW)
    rotation = vary.uniform("skull.rotation", 2.0, 4.5)
    far = moved(near * (0.97, 0.975), -1.0 + rotation * 0.6, -rotation * 0.5)
    canal = tube([(-10, 66), (-12, 84), (-28, 99), (-56, 108), (-72, 108)], 1.3)
    along = (Grain(165, 0.5), Grain(75, 0.3))
    return (
        Part("mandible", (near,), 15, 6, cortex=2.0, grain=along),
        Part("mandible far side", (far,), 12, 6, cortex=1.7, grain=along),
        Part("mandibular canal", (canal,), 4, 1.3, cortex=0.3, density=-0.5),
    )


# Of a row, from the incisors back: x of the crown, its width, crown and root length.
ROW = (
    (-89.5, 6.5, 10, 13), (-84.5, 5.5, 9.5, 13), (-79, 6.5, 10, 16), (-72.5, 6.3, 8, 13),
    (-66, 6.3, 8, 13), (-57.5, 9.8, 7.2, 12), (-47.5, 9.6, 7, 12), (-38.5, 8.4, 6.5, 10),
)


def teeth(vary: Variation) -> tuple[Part, ...]:
    """Sixteen teeth of the near side in two rows, and their fellows beside them."""
    parts: list[Part] = []
    for row, bite, way in (("upper", 82.0, -1), ("lower", 83.0, 1)):
        for number, (x, width, crown, root) in enumerate(ROW, 1):
            name = f"{row} tooth {number}"
            lean = way * (18 - 4.5 * number if number < 4 else 2.0) + vary.normal(name, 2)
            base = bite + 0.03 * (x + 60) * way
            near = _tooth(name, width, crown, root, way)
            upright = [part.placed(partial(rotated, angle=lean)) for part in near]
            parts += [part.placed(partial(moved, dx=x, dy=base)) for part in upright]
            if number > 2:
                beside = partial(moved, dx=x + 1.9, dy=base - 0.8)
                parts += [part.placed(beside) for part in upright]
    return tuple(parts)


def _tooth(name: str, width: float, crown: float, root: float, way: int) -> tuple[Part, Part]:
    w = width / 2
    cap = closed(
        [
            (-w * 0.8, 0), (w * 0.8, 0), (w, way * crown * 0.45), (w * 0.72, way * crown),
            (-w * 0.72, way * crown), (-w, way * crown * 0.45),
        ]
    )
    molar = width > 8
    if molar:
        legs = tuple(
            tube(
                [
                    (s * w * 0.36, way * crown * 0.8), (s * w * 0.5, way * (crown + root * 0.5)),
                    (s * w * 0.42, way * (crown + root)),
                ],
                [w * 0.42, w * 0.3, 0.9],
            )
            for s in (-1, 1)
        )
    else:
        legs = (tube([(0, way * crown * 0.8), (0, way * (crown + root))], [w * 0.68, 0.9]),)
    return (
        Part(f"{name} crown", (cap,), 4.4, 2.4, Material.ENAMEL),
        Part(f"{name} root", legs, 4.2, 1.8, cortex=1.2, density=0.9),
    )


def neck(vary: Variation) -> tuple[Part, ...]:
    """The cervical and first thoracic vertebrae, and the air before them."""
    lordosis = 1 + vary.normal("spine.cervical", 0.3)
    tilts = [lordosis * tilt for tilt in (4, 8, 6, 1, -5, -11, -17, -24, -28)]
    levels = column.stacked((*column.CERVICAL, "T1", "T2"), tilts, "C2", (30, 86), 1.1)
    bones = (part for level in levels[2:] for part in side_on.vertebra(level, vary))
    front = [(level.at[0] - level.half[0], level.at[1]) for level in levels]
    airway = tube(
        [
            (-36, 46), (-8, 44), (4, 54), (front[1][0] - 9, 82), (front[2][0] - 9, front[2][1]),
            (front[3][0] - 12, front[3][1]), (front[5][0] - 21, front[5][1]),
            (front[7][0] - 22, front[7][1]), (front[8][0] - 20, front[8][1] + 80),
        ],
        [5, 5, 6, 5.5, 6, 7.5, 7, 8, 8],
    )
    x, y = front[2]
    lid = tube([(x - 20, y + 10), (x - 14, y + 2), (x - 13, y - 8)], [2.4, 1.8, 1.0])
    hyoid = tube([(x - 40, y + 14), (x - 28, y + 11), (x - 14, y + 6)], [3.2, 1.9, 1.4])
    return (
        *atlas_lateral(levels[0]),
        *axis_lateral(levels[1]),
        *bones,
        Part("hyoid", (hyoid,), 9, 1.8, cortex=1.0),
        Part("airway", (airway,), 24, 6, Material.GAS),
        Part("epiglottis", (lid,), 14, 2, Material.GAS, density=-0.8),
    )
