"""The skull from the front (AP), the petrous ridges within the orbits."""

from dataclasses import replace

import numpy as np

from generation.backends.phantom.parts import Grain, Material, Part, Points, Technique, View
from generation.backends.phantom.shapes import (
    Pairs,
    closed,
    ellipse,
    inset,
    moved,
    points,
    sided,
    tube,
)
from generation.backends.phantom.skull import MARGINS, shell, suture
from generation.backends.phantom.spine import axis, column, frontal
from generation.backends.phantom.spine.column import shifted
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

TECHNIQUE = Technique(
    field=(212, 296),
    beam=1.05,
    scatter=0.25,
    slope=3.8,
    window=(0.8, 99.6),
    detail=(0.55, 0.6, 0.7),
)
SIDES = (-1, 1)


def ap(vary: Variation) -> View:
    parts = (
        *_flesh(),
        *_neck(vary),
        *_vault(vary),
        *_base(vary),
        *_orbits(),
        *_midface(vary),
        *_sinuses(vary),
        *_jaws(vary),
    )
    return View(parts, TECHNIQUE, MARGINS)


def _both(*outlines: Pairs) -> tuple[Points, ...]:
    return tuple(closed(sided(outline, side)) for side in SIDES for outline in outlines)


def _flesh() -> tuple[Part, ...]:
    right = [
        (0, -118), (34, -112), (62, -92), (78, -62), (83, -26), (81, 8), (85, 16), (83, 42),
        (77, 52), (74, 80), (62, 108), (60, 140), (66, 220), (0, 220),
    ]
    head = closed(right + [(-x, y) for x, y in right[-2:0:-1]])
    return (Part("skin", (head,), 165, 52, Material.BODY),)


def _vault(vary: Variation) -> tuple[Part, ...]:
    right = [
        (0, -110), (30, -105), (55, -88), (71, -60), (76, -28), (74, 0), (68, 24), (60, 44),
        (40, 54), (20, 56), (0, 57),
    ]
    outer = closed(right + [(-x, y) for x, y in right[-2:0:-1]])
    thick = np.interp(outer[:, 1], [-110, -40, 30, 56], [7.0, 5.5, 5.0, 3.0])
    thick *= 1 + vary.normal("skull.vault", 0.1)
    low = outer[:, 1] > 34
    cavity = inset(outer, np.where(low, 0.4, thick))
    opened = inset(outer, np.where(low, -4.0, thick))  # the tables end at the base
    stream = vary.stream("skull.suture")
    lambdoid = [
        suture([(0, -56), (s * 18, -44), (s * 38, -24), (s * 56, -2)], stream)[0] for s in SIDES
    ]
    sagittal = suture([(0, -104), (1, -88), (-1, -72), (0, -56)], stream)
    return (
        *shell("vault", outer, cavity, opened, depth=175, edge=72),
        Part("sutures", (*sagittal, *lambdoid), 2.4, 0.8, cortex=0.3, density=-0.55),
    )


def _base(vary: Variation) -> tuple[Part, ...]:
    petrous = _both([
        (11, 26), (20, 15), (32, 9), (44, 8), (56, 11), (68, 17), (71, 30), (62, 34), (44, 30),
        (26, 34),
    ])
    stream = vary.stream("skull.mastoid")
    cells = tuple(
        ellipse(s * stream.uniform(60, 71), stream.uniform(30, 56), *stream.uniform(1.0, 2.4, 2))
        for s in SIDES for _ in range(22)
    )
    crest = [(12, 23), (21, 14), (32, 9), (44, 8), (56, 11), (67, 17)]
    ridge = tuple(tube(sided(crest, s), 0.9) for s in SIDES)
    mastoid = _both([(60, 28), (72, 24), (74, 42), (68, 62), (61, 56), (57, 40)])
    occiput = closed(
        [(-50, 30), (-30, 42), (0, 46), (30, 42), (50, 30), (44, 54), (0, 60), (-44, 54)]
    )
    return (
        Part("petrous bones", petrous, 34, 24, cortex=0.1, density=0.75),
        Part("petrous ridges", ridge, 8, 1.2, cortex=1.0, density=0.8),
        Part("mastoids", mastoid, 22, 12, cortex=0.3),
        Part("mastoid cells", cells, 9, 2.2, Material.GAS),
        Part("occipital squama", (occiput,), 12, 14, cortex=0.5),
    )


def _orbits() -> tuple[Part, ...]:
    orbit = [
        (13, 4), (17, -9), (28, -17), (42, -17), (52, -8), (54, 5), (50, 17), (38, 23), (24, 22),
        (15, 15),
    ]
    rims = tuple(
        tube(sided([*orbit, orbit[0]], s), [0.8, 1.6, 2.0, 1.9, 1.8, 1.5, 1.2, 1.2, 1.0, 0.8, 0.8])
        for s in SIDES
    )
    hollow = _both(orbit)
    lesser = tuple(
        tube(sided([(14, -1), (26, -5), (40, -11), (50, -14)], s), [1.6, 1.2, 0.9, 0.7])
        for s in SIDES
    )
    line = [(54, -15), (51, -6), (47, 6), (43, 17)]
    greater = tuple(tube(sided(line, s), [0.3, 0.8, 0.9, 0.5]) for s in SIDES)
    fissure = tuple(tube(sided([(18, 6), (26, 2), (36, -6)], s), [2.0, 1.8, 0.8]) for s in SIDES)
    return (
        Part("orbital rims", rims, 9, 2.0, cortex=0.7, density=0.8),
        Part("orbits", hollow, 24, 15, Material.GAS),
        Part("lesser wings", lesser, 8, 1.1, cortex=0.7),
        Part("innominate lines", greater, 6, 0.9, cortex=0.6),
        Part("orbital fissures", fissure, 7, 1.4, Material.GAS),
    )


def _midface(vary: Variation) -> tuple[Part, ...]:
    lean = vary.normal("skull.septum", 1.4)
    septum = tube([(0, 4), (lean, 24), (0, 44), (0, 54)], [1.0, 0.9, 1.0, 1.6])
    maxilla = _both(
        [
            (7, 20), (18, 22), (40, 26), (50, 34), (46, 52), (32, 66), (20, 78), (1, 80),
            (1, 60), (12, 54),
        ]
    )
    malar = _both([
            (40, 25), (50, 20), (55, 8), (56, -8), (60, -12), (62, 0), (64, 16), (70, 26), (70, 36),
            (62, 44), (50, 48), (43, 38),
        ])
    turbinate = tuple(tube(sided([(9, 34), (6.5, 40), (8, 46)], s), [1.8, 2.4, 1.8]) for s in SIDES)
    return (
        Part("nasal septum", (septum,), 10, 1.2, cortex=0.5),
        Part("maxillae", maxilla, 20, 15, cortex=0.25),
        Part("malar bones", malar, 12, 6, cortex=0.5, density=0.9),
        Part("turbinates", turbinate, 22, 2, cortex=0.6, density=0.7),
    )


def _sinuses(vary: Variation) -> tuple[Part, ...]:
    tall = vary.uniform("skull.frontal", 0.7, 1.35)
    frontal = _both(
        [
            (1.5, -11), (1.5, -19 - 6 * tall), (6, -24 - 7 * tall), (11, -22 - 5 * tall),
            (15, -23 - 4 * tall), (21, -19 - 2 * tall), (26, -15), (20, -12), (12, -11),
        ]
    )
    antra = _both([(17, 28), (30, 27), (43, 31), (42, 44), (32, 58), (22, 60), (17, 46)])
    nose = _both([(2, 14), (6, 10), (10, 26), (14, 44), (11, 54), (2.5, 54)])
    ethmoid = _both([(2.5, -6), (10, -6), (12, 8), (10, 20), (4, 14)])
    return (
        Part("frontal sinuses", frontal, 13, 3.5, Material.GAS),
        Part("maxillary sinuses", antra, 26, 7, Material.GAS),
        Part("nasal cavity", nose, 32, 3, Material.GAS),
        Part("ethmoid cells", ethmoid, 17, 3, Material.GAS),
    )


def _jaws(vary: Variation) -> tuple[Part, ...]:
    right = [
        (62, 32), (67, 34), (66, 46), (64, 66), (62, 88), (50, 104), (34, 118), (16, 125),
        (0, 126),
    ]
    inner = [
        (0, 98), (16, 98), (30, 96), (41, 92), (48, 84), (51, 70), (52, 56), (51, 45), (54, 43),
        (58, 50), (60, 40),
    ]
    jaw = closed(
        right + [(-x, y) for x, y in right[-2::-1]] + [(-x, y) for x, y in inner[:0:-1]] + inner
    )
    parts = [
        Part(
            "mandible",
            (jaw,), 24, 9,
            cortex=1.4,
            grain=(Grain(0, 0.4), Grain(45, 0.3), Grain(135, 0.3)),
        )
    ]
    for row, bite, way in (("upper", 87.0, -1), ("lower", 88.0, 1)):
        for side in SIDES:
            parts += _row(row, side, bite, way, vary)
    return tuple(parts)


# Of a row, from the midline out: x, width and length of each tooth as seen from the front.
ROW = (
    (4.3, 8.2, 22), (11.5, 6.4, 21), (18.3, 7.0, 24), (24.3, 5.4, 20), (28.8, 4.6, 20),
    (33.2, 5.4, 18), (37.0, 4.8, 17), (39.8, 4.4, 15),
)


def _row(row: str, side: int, bite: float, way: int, vary: Variation) -> list[Part]:
    narrow = 0.8 if way > 0 else 1.0
    out: list[Part] = []
    for number, (x, width, length) in enumerate(ROW, 1):
        w = width / 2 * (narrow if number < 4 else 1)
        at, tip = (
            side * x * (0.92 if way > 0 else 1.0),
            vary.normal(f"tooth.{row}{side}{number}", 0.5),
        )
        y = bite - 0.004 * x * x
        outline = points(
            [
                (-w * 0.85, 0), (w * 0.85, 0), (w, way * 4), (w * 0.7, way * 9),
                (-w * 0.7, way * 9), (-w, way * 4),
            ]
        )
        crown = closed(moved(outline, at, y))
        root = tube([(at, y + way * 7), (at + tip, y + way * length)], [w * 0.7, 0.9])
        name = f"{row} tooth {number} {'left' if side > 0 else 'right'}"
        out += [
            Part(f"{name} crown", (crown,), 6.0, 2.4, Material.ENAMEL),
            Part(f"{name} root", (root,), 6.0, 1.7, cortex=1.1, density=0.85),
        ]
    return out


def _neck(vary: Variation) -> tuple[Part, ...]:
    first, second, *rest = column.frontal(column.CERVICAL)
    bones = (
        *axis.atlas_frontal(first),
        *axis.axis_frontal(second),
        *(part for level in rest for part in frontal.vertebra(level, vary)),
    )
    trachea = tube([(0, 118), (0, 132), (0, 230)], [3.5, 7.5, 8])
    faint = (replace(part, density=0.7 * part.density) for part in bones)
    return (*shifted(faint, 358), Part("trachea", (trachea,), 16, 7, Material.GAS))
