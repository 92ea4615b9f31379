"""The foot from above (dorsoplantar, AP), a right one: the big toe to the reader's left.

Seven tarsals, five metatarsals, fourteen phalanges; with both malleoli at the lower border.
"""

from generation.backends.phantom import digits
from generation.backends.phantom.digits import BONES, Ray
from generation.backends.phantom.growth import grown
from generation.backends.phantom.limb import (
    UPRIGHT,
    flesh,
    line,
    long_bone,
    short_bone,
    varied,
    view,
)
from generation.backends.phantom.parts import Material, Part, Technique, View
from generation.backends.phantom.shapes import closed, ellipse
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

TECHNIQUE = Technique(
    field=(128, 250), beam=0.6, scatter=0.14, slope=4.0, gamma=1.6, window=(0.5, 99.9), texture=0.75
)


def ap(vary: Variation) -> View:
    parts = (*_flesh(vary), *_hindfoot(vary), *_tarsals(vary), *_metatarsals(vary), *_toes(vary))
    return view(parts, TECHNIQUE, (0.02, 0.02, 0.02, 0.02), vary)


def _flesh(vary: Variation) -> tuple[Part, ...]:
    full = 1 + vary.normal("foot.flesh", 0.02)
    skin = closed(
        [
            (-40.7, 140.6), (-42.1, 109.1), (-37.1, 86.6), (-35.8, 64.1), (-37.1, 37.1),
            (-37.1, 10.1), (-38.5, -12.4), (-41.6, -32.6), (-43, -46.1), (-38.5, -61.9),
            (-37.1, -79.9), (-38.5, -93.4), (-33.5, -104.6), (-23.6, -108.2), (-14.6, -102.4),
            (-12.8, -88.9), (-10.1, -86.6), (-3.4, -88.9), (5.6, -84.4), (16.9, -77.6),
            (28.1, -68.6), (37.1, -57.4), (40.7, -43.9), (43.4, -28.1), (41.6, -12.4),
            (36.2, 5.6), (32.2, 23.6), (27.2, 46.1), (22.3, 68.6), (22.7, 86.6), (22.7, 109.1),
            (21.4, 140.6),
        ]
    )
    hind = [
        (-34.9, 140.6), (-33.5, 86.6), (-30.4, 55.1), (-7.9, 41.6), (14.6, 50.6), (19.1, 77.6),
        (16.9, 140.6),
    ]
    arch = [
        (-32.6, 55.1), (-31.3, 5.6), (-28.1, -30.4), (-3.4, -39.4), (28.1, -21.4), (25.9, 14.6),
        (19.1, 50.6), (-7.9, 68.6),
    ]
    return (
        Part(
            "skin",
            (skin * (full, 1.0), *(digits.flesh(ray, (2.7, 2.5, 2.2, 1.7)) for ray in _rays(vary))),
            40, 22, Material.BODY
        ),
        flesh("muscle", (hind,), 46, 20),
        flesh("sole", (arch,), 26, 18),
    )


TARSALS = {
    "medial cuneiform": ([
        (-25.4, 12.4), (-20.5, 11.9), (-14.6, 10.1), (-10.1, 9.2), (-8.8, 16.9), (-10.1, 25.9),
        (-11.5, 33.5), (-18.2, 34), (-25.4, 35.8), (-28.1, 27.2), (-28.6, 19.1),
    ], 22),
    "intermediate cuneiform": ([
        (-7.9, 16.9), (-2.2, 17.8), (3.8, 19.1), (2.9, 28.1), (-0.2, 38), (-6.5, 36.2),
        (-11.5, 33.5), (-10.1, 23.6),
    ], 18),
    "lateral cuneiform": ([
        (3.4, 19.1), (9.2, 20.9), (15.1, 22.7), (15.5, 28.1), (12.4, 39.4), (7.9, 47.5),
        (-0.7, 40.3), (1.1, 28.1),
    ], 18),
    "cuboid": ([
        (14.2, 24.1), (20.5, 29.5), (23.6, 35.8), (21.4, 46.1), (16.4, 60.5), (5.6, 59.2),
        (-1.6, 56.9), (4.3, 47), (11, 37.1),
    ], 20),
    "navicular": ([
        (-31.3, 41.2), (-25.4, 36.7), (-17.8, 34.9), (-10.1, 35.8), (-1.1, 39.4), (2.9, 45.2),
        (1.6, 51.5), (-3.4, 54.2), (-9.2, 51.1), (-16.9, 49.3), (-23.6, 52.4), (-29, 56.5),
        (-33.1, 50.6),
    ], 18),
}


def _tarsals(vary: Variation) -> tuple[Part, ...]:
    bones = (
        part
        for name, (outline, depth) in TARSALS.items()
        for part in short_bone(name, closed(outline), depth, vary, edge=7)
    )
    lines = (
        line("navicular facet", [
            (-27.2, 52.4), (-22.3, 48.8), (-16.4, 46.1), (-10.1, 47.5), (-4.3, 50.6),
        ], 0.7, 8, 0.4),
        line("medial cuneiform front", [(-24.5, 14.6), (-18.2, 13.7), (-11.5, 11.9)], 0.6, 8, 0.4),
        line("medial cuneiform edge", [(-15.5, 13.3), (-13.3, 21.4), (-15.1, 31.3)], 0.6, 8, 0.4),
    )
    return (*bones, *lines)


def _hindfoot(vary: Variation) -> tuple[Part, ...]:
    talus = [
        (-27.2, 57.4), (-22.7, 53.3), (-16.9, 51.5), (-10.1, 52.9), (-4.3, 56.9), (-2.9, 62.8),
        (-6.5, 68.6), (-4.7, 79.9), (0.2, 95.6), (1.1, 122.6), (-28.1, 122.6), (-29, 95.6),
        (-27.7, 77.6), (-28.1, 66.4),
    ]
    calcaneus = [
        (-2.5, 58.7), (5.6, 60.5), (15.1, 62.3), (14.6, 70.9), (11, 82.1), (7.9, 95.6),
        (5.6, 122.6), (-23.6, 122.6), (-22.3, 95.6), (-12.4, 82.1), (-4.7, 69.5),
    ]
    tibia = [
        (-40.7, 136.1), (-39.4, 104.6), (-35.8, 94.7), (-29.5, 93.4), (-25, 100.1),
        (-23.2, 112), (-22, 136.1),
    ]
    fibula = [
        (4.3, 136.1), (5.2, 113.6), (8.8, 100.1), (13.7, 92.9), (17.8, 97), (19.1, 109.1),
        (18.7, 136.1),
    ]
    return (
        *short_bone("calcaneus", closed(calcaneus), 22, vary, edge=14, child=0.94),
        *short_bone("talus", closed(talus), 24, vary, edge=13, child=0.94),
        Part("tibia", (closed(tibia),), 20, 10, cortex=0.8, grain=UPRIGHT),
        Part("fibula", (closed(fibula),), 12, 6, cortex=0.8, grain=UPRIGHT),
        line("talus head", [
            (-25.9, 58.3), (-21.4, 54.7), (-16.4, 52.9), (-10.1, 54.7), (-5.6, 58.3),
        ], 0.7, 8, 0.45),
    )


METATARSALS = (
    ([
        (-37.4, -46.1), (-36.2, -50.6), (-32.6, -53.1), (-26.8, -54), (-21.4, -52.9),
        (-18.9, -48.4), (-19.3, -42.5), (-20.2, -34.9), (-18.4, -25.9), (-15.3, -16.9),
        (-11.9, -7.9), (-9, -0.2), (-7.9, 6.1), (-9.7, 8.3), (-16.9, 10.6), (-24.1, 11.9),
        (-26.8, 10.1), (-27.2, 3.4), (-26.1, -5.6), (-26.6, -14.6), (-28.6, -23.6),
        (-31.7, -32.6), (-35.3, -39.8),
    ], 15),
    ([
        (-12.4, -51.5), (-10.6, -55.1), (-7, -57.1), (-3.4, -56), (-1.6, -50.6), (-2, -44.8),
        (-3.6, -37.1), (-2.7, -25.9), (-0.9, -12.4), (2.2, 1.1), (4.7, 10.1), (4.7, 16.9),
        (-2, 16), (-7, 15.1), (-7.6, 5.6), (-7.9, -7.9), (-8.8, -21.4), (-10.4, -34.9),
        (-12.1, -43.9),
    ], 9.5),
    ([
        (0.2, -47.5), (1.6, -51.5), (5.4, -53.6), (9.2, -52.4), (10.8, -47), (9.7, -39.4),
        (7.9, -30.4), (8.3, -16.9), (10.1, -5.6), (13.1, 5.6), (15.3, 14.6), (14.4, 20.5),
        (8.8, 18.7), (4.3, 17.3), (4.7, 5.6), (4.1, -7.9), (3.4, -21.4), (2.5, -34.9),
        (0.7, -41.6),
    ], 9),
    ([
        (13.3, -40.3), (15.1, -45.2), (18.7, -48.1), (22.9, -47), (24.8, -41.6), (23.2, -32.6),
        (20.2, -23.6), (18.9, -12.4), (19.1, -1.1), (20.5, 10.1), (21.8, 20), (20.5, 25.4),
        (16, 22.7), (12.8, 20), (13.5, 5.6), (13.5, -7.9), (13.9, -21.4), (14.4, -32.6),
    ], 9),
    ([
        (30.1, -25.9), (31.3, -30.4), (34.4, -34), (38.2, -32.6), (39.8, -27), (37.8, -20.2),
        (34, -12.4), (30.8, -1.1), (29.5, 10.1), (29, 19.1), (29, 28.1), (25.9, 34), (22.3, 30.8),
        (20, 26.3), (21.1, 14.6), (22.1, 3.4), (24.8, -7.9), (28.1, -18),
    ], 9),
)


def _metatarsals(vary: Variation) -> tuple[Part, ...]:
    bones: list[Part] = []
    for number, (outline, depth) in enumerate(METATARSALS, 1):
        ys = [y for _, y in outline]
        top, bottom = min(ys), max(ys)
        at = (
            top, top + 0.2 * (bottom - top), (top + bottom) / 2, bottom - 0.25 * (bottom - top),
            bottom,
        )
        cortex = tuple(zip(at, (0.6, 0.9, 0.24 * depth, 1.6, 0.7), strict=True))
        bone = varied(
            long_bone(f"metatarsal {number}", outline, depth, depth * 0.52, cortex, swell=0.5),
            vary, 0.8,
        )
        bones += grown(bone, vary.child, **_plate(number, top, bottom))
    pair = zip(("medial", "lateral"), [(-30.4, -44.8), (-18.4, -43.9)], strict=True)
    sesamoids = tuple(
        Part(f"sesamoid {name}", (ellipse(x, y, 3.8, 4.8),), 8, 3.5, cortex=0.6) for name,
        (x, y) in pair
    )
    base = line("metatarsal 1 base", [(-24.5, 9.2), (-17.3, 8.3), (-10.6, 5.6)], 0.6, 8, 0.5)
    return (*bones, *(() if vary.child else (*sesamoids, base)))


def _plate(number: int, top: float, bottom: float) -> dict[str, list[tuple[float, float]]]:
    """The first metatarsal grows at its base, the others at the head."""
    y = bottom - 0.16 * (bottom - top) if number == 1 else top + 0.15 * (bottom - top)
    return {"proximal" if number == 1 else "distal": [(-70, y), (0, y), (70, y)]}


RAYS = (
    Ray("2", [(-7.2, -57.1)][0], 1.0, (20.5, 10.5, 8.5), 5.0, 0.5),
    Ray("3", [(5.4, -53.6)][0], 2.5, (19.5, 9, 9), 4.7, 0.5),
    Ray("4", [(18.7, -48.4)][0], 6.0, (18, 8, 9), 4.5, 3),
    Ray("5", [(34, -34.4)][0], 6.0, (17.5, 6.5, 8), 4.3, 12),
)
HALLUX = (
    ("proximal phalanx 1", [
        (-34.6, -83), (-31.3, -82.4), (-27.2, -81.5), (-22.7, -82.8), (-19.3, -84.1),
        (-19.1, -79), (-22.1, -74), (-22.5, -68.6), (-20.9, -62.3), (-18.9, -58.3), (-20.5, -56),
        (-27.2, -56), (-33.5, -54.4), (-36.7, -55.1), (-36.2, -59.6), (-33.8, -65.5),
        (-33.1, -72), (-34.6, -77.6),
    ], 13),
    ("distal phalanx 1", [
        (-29.9, -99.2), (-27.2, -101.9), (-23.6, -102.8), (-20, -101.9), (-17.6, -99.2),
        (-18.2, -95.6), (-20.2, -92.5), (-19.8, -89.3), (-18.4, -86.6), (-21.4, -84.4),
        (-27.2, -83), (-32.2, -85.3), (-34.2, -88), (-32.2, -90.7), (-29, -93.4), (-29, -96.1),
    ], 9),
)


def _rays(vary: Variation) -> tuple[Ray, ...]:
    def posed(ray: Ray) -> Ray:
        angle = ray.angle + vary.normal(f"foot.toe.{ray.name}", 1.5)
        return Ray(ray.name, ray.base, angle, ray.lengths, ray.width, ray.curl, vary.child)

    return tuple(posed(ray) for ray in RAYS)


def _toes(vary: Variation) -> tuple[Part, ...]:
    lesser = (part for ray in _rays(vary) for part in digits.bones(ray, BONES[1:]))
    hallux: list[Part] = []
    for name, outline, depth in HALLUX:
        low = max(y for _, y in outline)
        cortex = ((low - 30, 0.6), (low - 14, 1.5), (low - 3, 0.7), (low, 0.5))
        bone = varied(long_bone(name, outline, depth, depth * 0.52, cortex), vary, 1.5)
        hallux += grown(
            bone, vary.child, proximal=[(-60, low - 4.6), (0, low - 5), (60, low - 4.6)],
        )
    return (*hallux, *lesser)
