"""The shoulder, lateral (the scapula's Y), a right one: the chest to the reader's right."""

from generation.backends.phantom.growth import grown
from generation.backends.phantom.limb import flesh, line, long_bone, varied, view
from generation.backends.phantom.parts import Grain, Material, Part, Technique, View
from generation.backends.phantom.shapes import closed, tube
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

TECHNIQUE = Technique(
    field=(152, 216), beam=0.95, scatter=0.25, slope=3.7, gamma=2.0, window=(0.8, 99.9),
    texture=0.6
)


def lateral(vary: Variation) -> View:
    parts = (
        *_flesh(vary), *_chest(), *_clavicle(vary), *_humerus(vary), *_scapula(vary)
    )
    return view(parts, TECHNIQUE, (0.02, 0.02, 0.02, 0.02), vary)


def _flesh(vary: Variation) -> tuple[Part, ...]:
    full = vary.normal("shoulder.flesh", 2.5)
    skin = closed(
        [
            *((x - full, y) for x, y in [
                (-34.5, 174.8), (-46, 117.3), (-59.8, 80.5), (-65.8, 48.3), (-65.3, 16.1),
                (-62.1, -16.1), (-55.2, -48.3), (-41.4, -78.2), (-20.7, -98.9), (6.9, -117.3),
                (39.1, -135.7),
            ]),
            *[(126.5, -158.7), (172.5, 25.3), (126.5, 174.8)],
        ]
    )
    arm = [
        (-39.1, 140.3), (-48.3, 94.3), (-50.6, 48.3), (-52.9, 2.3), (-48.3, -34.5),
        (-34.5, -62.1), (-11.5, -75.9), (16.1, -62.1), (27.6, -20.7), (25.3, 48.3), (20.7, 140.3),
    ]
    chest = [
        (25.3, 174.8), (20.7, 94.3), (20.7, 2.3), (29.9, -66.7), (57.5, -103.5), (126.5, -112.7),
        (172.5, 25.3), (126.5, 174.8),
    ]
    return (
        Part("skin", (skin,), 150, 54, Material.BODY),
        flesh("deltoid", (arm,), 84, 40),
        flesh("trunk", (chest,), 70, 40),
    )


def _chest() -> tuple[Part, ...]:
    lung = [
        (41.4, 186.3), (36.8, 126.5), (35.9, 71.3), (37.7, 16.1), (42.8, -29.9), (52, -66.7),
        (66.7, -89.7), (89.7, -98.9), (172.5, -89.7), (172.5, 186.3),
    ]
    wall = ((58, 12), (53.4, 26), (50.6, 40), (48.8, 54), (48.2, 68), (48.4, 82), (49.4, 96))
    parts = [Part("lung", (closed(lung),), 100, 60, Material.LUNG)]
    for number, (u, v) in enumerate(wall, 1):
        x, y = (u - 35) * 2.3, (v - 49) * 2.3
        path = [
            (x + 110, y - 22), (x + 64, y - 30), (x + 34, y - 28), (x + 14, y - 20),
            (x + 3, y - 8), (x - 1, y + 6),
            (x + 2, y + 19), (x + 10, y + 30), (x + 24, y + 39), (x + 48, y + 46),
            (x + 110, y + 52),
        ]
        radii = [5, 5.4, 5.4, 5, 4.6, 4.4, 4.6, 5, 5.6, 6, 6]
        parts.append(Part(f"rib {number}", (tube(path, radii),), 11, 4.6, cortex=1.0, density=0.75))
    return tuple(parts)


def _humerus(vary: Variation) -> tuple[Part, ...]:
    outline = [
        (-26.2, 186.3), (-23.9, 126.5), (-19.8, 75.9), (-15.6, 34.5), (-14.3, 11.5),
        (-15.6, -4.6), (-19.8, -16.1), (-23.9, -25.3), (-25.5, -34.5), (-23.5, -44.6),
        (-17, -51.5), (-8.3, -54.3), (1.4, -53.4), (10.1, -49.2), (17, -42.8), (21.6, -34.5),
        (21.6, -25.3), (17.5, -17), (11.5, -9.2), (6.4, 1.4), (4.1, 16.1), (3.2, 39.1),
        (-0.5, 75.9), (-5.5, 126.5), (-7.8, 186.3),
    ]
    bone = long_bone(
        "humerus", outline, 32, 14,
        ((-52, 0.7), (-20, 0.8), (0, 2.2), (20, 3.8), (80, 4.4)),
        grain=(Grain(110, 0.5), Grain(70, 0.5), Grain(90, 0.4)),
    )
    plate = [
        (-46, -23.9), (-23, -26.2), (-9.2, -35.4), (6.9, -28.5), (18.4, -19.3), (39.1, -11.5),
    ]
    return grown(varied(bone, vary, 0.8), vary.child, proximal=plate)


def _clavicle(vary: Variation) -> tuple[Part, ...]:
    outline = [
        (-7.8, -82.8), (-4.6, -88.3), (3.2, -90.2), (13.8, -87.4), (27.6, -85.1), (43.7, -81.9),
        (62.1, -78.2), (85.1, -72.7), (126.5, -64.4), (126.5, -51.5), (85.1, -60.7),
        (62.1, -66.7), (43.7, -71.3), (27.6, -75), (13.8, -74.5), (3.2, -70.8), (-5.1, -73.6),
    ]
    bone = Part("clavicle", (closed(outline),), 13, 6, cortex=2.0, grain=(Grain(10, 0.6),))
    return (varied(bone, vary, 1.5, 1.0),)


def _scapula(vary: Variation) -> tuple[Part, ...]:
    """Body, spine with acromion, and coracoid meet as a Y at the glenoid."""
    blade = [
        (-8.3, -34.5), (-3.7, -43.7), (5.5, -44.6), (13.8, -39.1), (15.2, -27.6), (12, -14.7),
        (7.8, 0), (6, 16.1), (7.4, 32.2), (10.6, 50.6), (12.4, 66.7), (11, 75.9), (7.4, 73.6),
        (3.7, 59.8), (-0.9, 41.4), (-4.6, 23), (-7.4, 2.3), (-9.2, -16.1),
    ]
    body = Part("scapula", (closed(blade),), 26, 5, cortex=1.6, density=0.65)
    acromion = [
        (-38.6, -58), (-35.4, -65.3), (-27.6, -72.7), (-18.4, -76.4), (-13.3, -74.5),
        (-13.8, -68.1), (-18.4, -62.6), (-24.8, -59.3), (-30.4, -54.3), (-35.9, -52.9),
    ]
    stem = [
        (-25.3, -65.5), (-14.7, -61.2), (-8.3, -52.9), (-3.2, -43.7), (1.4, -27.6),
    ]
    coracoid = [
        (-0.9, -20.7), (3.2, -34.5), (6.4, -46.9), (11.5, -58), (17.5, -66.7), (23.9, -69.9),
        (30.8, -65.8), (35.9, -56.6), (35.4, -50.1), (29.9, -52), (23.9, -56.1), (18.4, -52),
        (14.3, -42.8), (9.2, -29.9), (4.6, -18.4),
    ]
    glenoid = [
        (-3.7, -43.7), (3.2, -46.9), (10.1, -42.8), (12, -32.2), (9.2, -20.7), (2.3, -16.6),
        (-3.7, -21.6), (-6, -33.1),
    ]
    tip = Part("scapula acromion", (closed(acromion),), 15, 6, cortex=1.0)
    beak = Part("scapula coracoid", (closed(coracoid),), 15, 5.5, cortex=1.1)
    parts = (
        body,
        line("scapula lateral border", [
            (11, -13.8), (6.9, 0), (4.6, 16.1), (6, 32.2), (9.2, 50.6), (11, 69),
        ], 1.2, 18, 0.5),
        line("scapula medial border", [
            (-7.4, -16.1), (-5.5, 2.3), (-2.8, 23), (0.9, 41.4), (5.5, 59.8), (8.7, 71.3),
        ], 0.9, 14, 0.45),
        Part("scapula glenoid", (closed(glenoid),), 12, 8, cortex=0.6, density=0.6),
        Part(
            "scapula spine", (tube(stem, [3.5, 4.6, 4.4, 4.6, 3.0]),), 12, 3.6, cortex=1.3,
            density=0.8,
        ),
    )
    if not vary.child:
        return (*parts, tip, beak)
    return (
        *parts,
        *grown(tip, True, acromial=[(-34.5, -80.5), (-29.9, -66.7), (-23, -43.7)]),
        *grown(beak, True, coracoid=[(16.1, -85.1), (22.1, -66.7), (26.7, -43.7)]),
    )
