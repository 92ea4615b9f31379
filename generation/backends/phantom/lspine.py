"""The lumbar spine: AP with its psoas shadows, lateral with the sacrum."""

import numpy as np

from generation.backends.phantom import lateral_pelvis, organs
from generation.backends.phantom.bony_pelvis import SIDES, hip_bone, sacrum
from generation.backends.phantom.parts import Material, Part, Technique, View
from generation.backends.phantom.shapes import closed, tube
from generation.backends.phantom.spine import column, frontal
from generation.backends.phantom.spine import lateral as side_on
from generation.backends.phantom.spine.column import PELVIS, shifted
from generation.backends.phantom.thorax import rib_ap, rib_lateral
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

ORIGIN = 208.0  # of the view's middle, in the trunk's frame
TECHNIQUE = Technique(
    field=(236, 330), beam=1.1, scatter=0.32, slope=4.2, gamma=1.75, window=(0.6, 99.8),
    detail=(0.35, 0.5, 0.3), texture=0.5,
)


def ap(vary: Variation) -> View:
    levels = column.frontal(("T10", "T11", "T12", *column.LUMBAR))
    parts = (
        *organs.trunk(vary),
        *organs.viscera(vary),
        *(part for level in levels for part in frontal.vertebra(level, vary)),
        *shifted(sacrum(vary), PELVIS),
        *(part for side in SIDES for part in shifted(hip_bone(side, vary), PELVIS)),
        *(rib_ap(number, side, vary) for number in range(9, 13) for side in SIDES),
        *organs.gas(vary),
    )
    return View(shifted(parts, -ORIGIN), TECHNIQUE, (0.03, 0.03, 0.03, 0.03))


SIDE = Technique(
    field=(236, 330), beam=1.5, scatter=0.35, slope=4.2, gamma=1.5, window=(0.6, 99.8),
    detail=(0.35, 0.5, 0.3), texture=0.5,
)
LEVELS = ("T11", "T12", *column.LUMBAR)
TILTS = (13.0, 14.0, 13.0, 9.0, 2.0, -7.0, -19.0)


def lateral(vary: Variation) -> View:
    lordosis = 1 + vary.normal("spine.lordosis", 0.16)
    tilts = [lordosis * tilt for tilt in TILTS]
    levels = column.stacked(LEVELS, tilts, "L3", (0, -18), 1.06)
    l5 = levels[-1].at
    parts = (
        *_trunk(vary),
        *(part for level in levels for part in side_on.vertebra(level, vary)),
        *shifted(lateral_pelvis.pelvis(vary, tilts[-1] - TILTS[-1]), l5[1], l5[0]),
        *_ribs(levels[0], vary),
        *_gas(vary),
    )
    return View(parts, SIDE, (0.03, 0.03, 0.03, 0.03))


def _trunk(vary: Variation) -> tuple[Part, ...]:
    fat = vary.normal("trunk.fat", 10)
    skin = closed([
        (-130 - fat, -260), (-134 - fat, -80), (-140 - fat, 20), (-134 - fat, 110), (-110, 260),
        (140, 260), (134, 130), (112, 70), (88, 10), (80, -40), (88, -110), (104, -260),
    ])
    back = closed([
        (34, -220), (64, -220), (68, -110), (62, -30), (72, 30), (96, 70), (70, 80), (40, 40),
        (30, -40),
    ])
    psoas = tube([(-2, -110), (-8, -40), (-14, 30), (-34, 110)], [10, 18, 24, 20])
    return (
        Part("skin", (skin,), 290, 150, Material.BODY),
        Part("back muscles", (back,), 120, 14, Material.SOFT),
        Part("psoas", (psoas,), 34, 24, Material.SOFT),
    )


def _ribs(top: column.Level, vary: Variation) -> tuple[Part, ...]:
    """The last three pairs, hung from the level of T11."""
    x, y = top.at
    return tuple(
        part
        for number in (10, 11, 12) for side in SIDES
        for part in shifted(
            (rib_lateral(number, side, vary),), y - column.frontal(("T11",))[0].at[1], x - 58
        )
    )


def _gas(vary: Variation) -> tuple[Part, ...]:
    stream = vary.stream("organs.gas")
    places = np.array([(-96, -92), (-70, -110), (-84, 20), (-100, 44), (-60, 60), (84, 150)])
    pockets = tuple(
        organs.blob(x, y, stream.uniform(8, 16), stream)
        for x, y in places + stream.normal(0, 6, places.shape)
    )
    return (Part("bowel gas", pockets, 26, 12, Material.GAS),)
