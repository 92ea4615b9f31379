"""The ankle, a right one: AP in the mortise's position with the fibula to the reader's left."""

from generation.backends.phantom import foot_lateral
from generation.backends.phantom.growth import grown
from generation.backends.phantom.limb import (
    centred,
    flesh,
    line,
    long_bone,
    short_bone,
    varied,
    view,
)
from generation.backends.phantom.parts import Material, Part, Technique, View
from generation.backends.phantom.shapes import closed, moved
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

TECHNIQUE = Technique(
    field=(124, 190), beam=0.62, scatter=0.15, slope=3.7, gamma=2.0, window=(0.5, 99.9), texture=0.7
)
LATERAL = Technique(
    field=(156, 190), beam=0.62, scatter=0.15, slope=3.7, gamma=2.0, window=(0.5, 99.9), texture=0.7
)


def ap(vary: Variation) -> View:
    bones = (*_foot(vary), *_talus(vary), *_tibia(vary), *_fibula(vary))
    parts = centred((*_flesh(vary), *bones), 0, -20)
    return view(parts, TECHNIQUE, (0.03, 0.03, 0.03, 0.03), vary)


def lateral(vary: Variation) -> View:
    parts = centred(foot_lateral.parts(vary), 52, -34)
    return view(parts, LATERAL, (0.03, 0.03, 0.03, 0.03), vary)


def _flesh(vary: Variation) -> tuple[Part, ...]:
    full = 1 + vary.normal("ankle.flesh", 0.05)
    skin = closed(
        [
            (27.5, -136.8), (26, -110.2), (23.8, -81.7), (22.6, -53.2), (23.8, -30.4),
            (27.5, -11.4), (33.2, 3.8), (35.9, 17.1), (34.4, 30.4), (36.3, 41.8), (38.2, 57),
            (37, 72.2), (38.9, 102.6), (-40.9, 102.6), (-37, 79.8), (-33.2, 57), (-36.3, 45.6),
            (-40.1, 36.1), (-39.7, 26.6), (-36.3, 11.4), (-32.9, -7.6), (-32.5, -30.4),
            (-34.4, -53.2), (-37, -81.7), (-42, -110.2), (-44.6, -136.8),
        ]
    )
    calf = [
        (21.8, -136.8), (19.9, -91.2), (17.3, -57), (4.8, -34.2), (-14.2, -34.2), (-25.6, -60.8),
        (-31.3, -95), (-35.1, -136.8),
    ]
    tendon = [
        (8.5, -72.2), (6.6, -22.8), (12.3, 7.6), (0.9, 19), (-12.3, 7.6), (-14.2, -22.8),
        (-18.1, -72.2),
    ]
    return (
        Part("skin", (skin * (full, 1.0),), 82, 30, Material.BODY),
        flesh("muscle", (calf, tendon), 46, 16),
    )


def _tibia(vary: Variation) -> tuple[Part, ...]:
    malleolus = vary.normal("ankle.malleolus", 0.8)
    bone = long_bone(
        "tibia",
        [
            *[
                (13.9, -140.6), (13.7, -119.7), (13.5, -91.2), (13.1, -72.2), (13.5, -53.2),
                (14.6, -34.2), (16.5, -20.9), (19.6, -7.6), (24.1, 3), (27.7, 11.4), (29.6, 19),
                (28.9, 24.7),
            ],
            *((x, y + malleolus) for x, y in [(26, 29.3), (22.6, 30.8), (20.7, 27.7)]),
            *[
                (19, 22.8), (17.5, 18.6), (15, 16.1), (10.4, 15.2), (0.9, 15.2), (-8.5, 16),
                (-13.9, 16.5), (-16, 14.4), (-16.5, 7.6), (-17.7, -1.9), (-17.5, -11.4),
                (-15.8, -20.9), (-13.5, -30.4), (-10.8, -45.6), (-9.3, -62.7), (-8.2, -81.7),
                (-7.6, -100.7), (-7.2, -119.7), (-7.2, -140.6),
            ],
        ],
        34, 12,
        (
            (-140, 5.0), (-100, 4.6), (-50, 3.2), (-25, 1.8), (-8, 1.0), (10, 1.0), (16, 1.3),
            (30, 0.8),
        ),
    )
    bone = varied(bone, vary, 0.6)
    plafond = line("tibia plafond", [
        (17.7, 20.1), (15.4, 15.6), (10.4, 14.2), (0.9, 14.2), (-8.5, 15), (-14.6, 15.8),
    ], 0.8, 16)
    ridge = line(
        "tibia incisura", [(-13.1, -20.9), (-14.6, -9.5), (-14.2, 3.8), (-12.3, 13.3)], 0.7, 9, 0.6,
    )
    return (
        *grown(
            bone, vary.child, distal=[
                (35.1, 5.7), (16.1, 6.5), (4.8, 4.9), (-6.6, 6.1), (-25.6, 5.7),
            ],
        ),
        plafond, ridge,
    )


def _fibula(vary: Variation) -> tuple[Part, ...]:
    tip = vary.normal("ankle.tip", 1.0)
    bone = long_bone(
        "fibula",
        [
            *[
                (-16.5, -140.6), (-16.9, -119.7), (-17.5, -91.2), (-18.1, -62.7), (-17.9, -38),
                (-16.7, -22.8), (-15.4, -11.4), (-15, 0), (-15.4, 9.5), (-16.5, 17.1),
                (-18.4, 23.2), (-20.7, 27.4),
            ],
            *((x, y + tip) for x, y in [
                (-24.9, 33.4), (-27.9, 37.6), (-31.3, 40.5), (-34.6, 39.9),
            ]),
            *[
                (-36.1, 35.3), (-35.3, 27.7), (-32.9, 20.1), (-29.8, 10.6), (-28.1, 0),
                (-27.4, -11.4), (-26.8, -24.7), (-25.8, -38), (-25.6, -62.7), (-26.8, -91.2),
                (-27.7, -119.7), (-27.9, -140.6),
            ],
        ],
        13, 5.5,
        ((-140, 2.8), (-60, 2.6), (-30, 1.8), (-10, 1.0), (8, 0.9), (40, 0.9)),
    )
    fossa = line(
        "fibula fossa", [(-21.8, 24.7), (-23.8, 29.3), (-27.5, 31.5), (-30.2, 28.5)], 0.6, 6, 0.6,
    )
    return (
        *grown(
            varied(bone, vary, 0.7), vary.child, distal=[(-6.6, 16.3), (-21.8, 16), (-40.9, 17.1)],
        ),
        fossa,
    )


def _talus(vary: Variation) -> tuple[Part, ...]:
    body = [
        (14.2, 20.9), (11.6, 19), (7.8, 18.6), (0.9, 19.4), (-6.6, 19.8), (-12.3, 19.6),
        (-14.8, 20.9), (-15.8, 24.7), (-18.4, 30.4), (-22.6, 35), (-21.5, 39.9), (-16.1, 47.5),
        (-6.6, 53.2), (4.8, 55.1), (14.2, 54.1), (20.9, 48.4), (22.6, 39.9), (18.1, 33.8),
        (15.6, 27.7),
    ]
    head = [
        (30.6, 45.6), (27.5, 38), (20.7, 34.2), (14.2, 36.1), (10.4, 43.7), (11.6, 52.4),
        (18.1, 57.8), (25.6, 55.9),
    ]
    bone = Part("talus", (closed(body), closed(head)), 34, 16, cortex=0.7)
    dome = line("talus dome", [
        (14.8, 27.4), (14.1, 21.7), (10.8, 19.8), (0.9, 20.5), (-8.5, 20.9), (-14.2, 21.5),
        (-15.4, 25.5),
    ], 0.9, 12, 0.4)
    neck = line("talus neck", [
        (15.4, 34.2), (10.4, 29.3), (0.9, 31.2), (-8.5, 32.3), (-14.2, 38),
    ], 0.7, 8, 0.3)
    dx, dy = vary.normal("talus.x", 0.3), vary.normal("talus.y", 0.3)
    return tuple(part.placed(lambda p: moved(p, dx, dy)) for part in (bone, dome, neck))


FOOT = {
    "calcaneus": ([
        (4.8, 38), (-6.6, 36.1), (-18.1, 35), (-24.5, 39.9), (-26.8, 51.3), (-26.4, 64.6),
        (-21.8, 76), (-12.3, 81.7), (-0.9, 79.8), (5.9, 70.3), (7.8, 53.2),
    ], 30),
    "navicular": ([
        (33.6, 49.4), (31.3, 41), (23.8, 39.1), (14.2, 41.8), (7.8, 49.4), (8.5, 58.9),
        (15, 65.7), (24.5, 66.5), (31.3, 60.8),
    ], 16),
    "cuboid": ([
        (0.9, 60.8), (-12.3, 54.3), (-25.6, 57), (-31.3, 70.3), (-29.4, 85.5), (-16.1, 93.1),
        (-2.8, 89.3), (2.8, 74.1),
    ], 22),
    "medial cuneiform": ([
        (32.5, 60.8), (23.8, 59.7), (16.1, 64.6), (15, 77.9), (19.2, 93.1), (30.6, 91.2),
        (34.4, 76),
    ], 18),
    "intermediate cuneiform": ([
        (18.8, 60.8), (9.3, 60), (4.8, 68.4), (6.6, 83.6), (14.2, 87.4), (18.8, 74.1),
    ], 16),
    "lateral cuneiform": ([
        (9.3, 61.6), (-0.9, 60), (-6.6, 70.3), (-4.4, 85.5), (4.8, 89.3), (9.3, 76),
    ], 16),
}


def _foot(vary: Variation) -> tuple[Part, ...]:
    """The foot beyond the joint, foreshortened."""
    bones = (
        part
        for name, (outline, depth) in FOOT.items()
        for part in short_bone(name, closed(outline), depth, vary, edge=14, density=0.7)
    )
    sole = [
        (33.2, 45.6), (8.5, 38), (-25.6, 45.6), (-33.2, 72.2), (-37, 106.4), (38.9, 106.4),
        (38.9, 72.2),
    ]
    return (flesh("foot", (sole,), 56, 16), *bones)
