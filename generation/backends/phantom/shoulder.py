"""The shoulder, AP, a right one: the arm to the reader's left, the chest to the right.

The middle is that of the humeral head.
"""

from generation.backends.phantom.growth import grown
from generation.backends.phantom.limb import flesh, line, long_bone, varied, view
from generation.backends.phantom.parts import Grain, Material, Part, Technique, View
from generation.backends.phantom.shapes import closed, ellipse, inset, moved, rotated, tube
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

TECHNIQUE = Technique(
    field=(196, 214), beam=0.85, scatter=0.22, slope=3.7, gamma=1.9, window=(0.8, 99.9), texture=0.6
)


def ap(vary: Variation) -> View:
    parts = (
        *_flesh(vary), *_chest(), *_scapula(vary), *_clavicle(vary), *_humerus(vary)
    )
    shifted = (part.placed(lambda p: p - (24.0, 30.0)) for part in parts)
    return view(shifted, TECHNIQUE, (0.02, 0.02, 0.02, 0.02), vary)


def _flesh(vary: Variation) -> tuple[Part, ...]:
    full = 1 + vary.normal("shoulder.flesh", 0.04)
    skin = closed(
        [
            (190, -150), (120, -118), (92, -98), (62, -82), (24, -72), (-12, -62), (-38, -46),
            (-54, -20),
            (-62, 14), (-66, 60), (-68, 110), (-70, 190), (14, 190), (24, 130), (32, 96), (40, 76),
            (46, 82), (50, 110), (54, 190), (190, 190),
        ]
    )
    deltoid = [
        (60, -70), (20, -62), (-16, -52), (-42, -32), (-52, 0), (-56, 50), (-54, 120), (-56, 190),
        (4, 190),
        (12, 120), (22, 80), (34, 60), (40, 20), (50, -20), (66, -50),
    ]
    trunk = [
        (190, -110), (110, -86), (80, -60), (52, -20), (40, 40), (46, 70), (56, 120), (60, 190),
        (190, 190),
    ]
    pectoral = [(14, 44), (30, 62), (44, 66), (60, 96), (190, 130), (190, -30), (96, -40), (40, -6)]
    return (
        Part("skin", (skin * (full, 1.0),), 104, 44, Material.BODY),
        flesh("deltoid", (deltoid,), 62, 30),
        flesh("trunk", (trunk,), 60, 34),
        flesh("pectoral", (pectoral,), 34, 18),
    )


# Of the ribs from the first: the outermost point and how far it rises to the spine.
RIBS = ((106.0, -44.0, 16.0), (88.0, -22.0, 30.0), (76.0, 8.0, 36.0), (68.0, 42.0, 40.0),
        (63.0, 76.0, 42.0), (60.0, 110.0, 42.0), (59.0, 144.0, 42.0))


def _chest() -> tuple[Part, ...]:
    lung = [
        (150, -62), (128, -58), (112, -46), (98, -26), (86, 0), (77, 34), (71, 70), (67, 110),
        (65, 190), (190, 190),
        (190, -60),
    ]
    parts = [Part("lung", (closed(lung),), 84, 60, Material.LUNG)]
    for number, (x, y, rise) in enumerate(RIBS, 1):
        path = [
            (190, y - rise + 2), (150, y - rise), (x + 38, y - rise * 0.8),
            (x + 14, y - rise * 0.46), (x + 2, y - 8),
            (x, y + 6), (x + 5, y + 19), (x + 18, y + 31), (x + 40, y + 44), (x + 72, y + 52),
            (190, y + 60),
        ]
        radii = [4, 5, 5.6, 5.6, 5.0, 4.8, 5.0, 5.6, 6, 6, 6]
        parts.append(Part(f"rib {number}", (tube(path, radii),), 10, 5, cortex=0.9, density=0.8))
    return tuple(parts)


def _scapula(vary: Variation) -> tuple[Part, ...]:
    drop = vary.normal("shoulder.acromion", 1.2)
    body = [
        (30, -17), (36, -22), (46, -22), (54, -24), (62, -20), (68, -26), (80, -36), (92, -43),
        (100, -42),
        (106, -32), (110, -12), (108, 14), (102, 44), (94, 76), (88, 100), (82, 113), (75, 115),
        (69, 108), (62, 88),
        (54, 64), (46, 44), (38, 30), (31, 23), (27, 18), (26, 8), (27, -6), (27.6, -14),
    ]
    border = [(29, 20), (38, 29), (47, 45), (55, 65), (63, 88), (70, 107), (76, 113)]
    medial = [
        (80, 113), (87, 99), (93, 76), (101, 44), (107, 14), (109, -12), (105, -32), (98, -41),
    ]
    neck = [
        (27, -16), (30, -19.4), (44, -24), (60, -22), (76, -8), (76, 20), (62, 52), (52, 57),
        (46, 44), (38, 30),
        (31, 23), (27, 18), (26, 8), (27, -6),
    ]
    glenoid = ellipse(28.6, 3.0, 4.6, 19.5, 4)
    coracoid = [
        (57, -16), (54, -22), (50, -29), (46, -34), (40, -38), (33, -37), (28, -32), (26, -26.6),
        (29.4, -24),
        (34, -27), (38, -28.6), (41, -25), (42, -17), (49, -13),
    ]
    spine = [(24, -50 + drop), (38, -45 + drop), (56, -37), (76, -28), (96, -21), (108, -17)]
    acromion = [
        (-20, -36), (-21, -40), (-15, -45), (-4, -49), (8, -52.6), (17, -55), (21.6, -54),
        (22.4, -49.6), (21, -45),
        (25, -42), (34, -40), (30, -36), (16, -38), (4, -37), (-8, -34), (-16, -33),
    ]
    whole = Part("scapula", (closed(body),), 8, 7, cortex=1.5)
    tip = Part(
        "scapula acromion", (moved(closed(acromion), 0.0, drop),), 13, 7, cortex=0.8,
        grain=(Grain(165, 0.6),),
    )
    beak = Part("scapula coracoid", (closed(coracoid),), 12, 6, cortex=0.9)
    rim = ellipse(34, -31.6, 5.0, 4.4, 20)
    details = (
        Part(
            "scapula lateral border", (tube(border, [2.2, 3.4, 3.8, 3.6, 3.2, 3.0, 2.4]),), 10,
            3.4, cortex=1.6, density=0.8,
        ),
        line("scapula medial border", medial, 1.0, 7, 0.45),
        Part(
            "scapula neck", (closed(neck),), 22, 22, cortex=0.2, density=0.9, grain=(
                Grain(10, 0.6), Grain(90, 0.3),
            ),
        ),
        Part("scapula glenoid", (glenoid,), 9, 2.6, cortex=0.8, density=0.8),
        Part(
            "scapula spine", (tube(spine, [5.5, 5.4, 4.4, 3.8, 3.4, 3.0]),), 8, 3.4, cortex=1.0,
            density=0.7,
        ),
        line("scapula spinal crest", [(x, y - 3) for x, y in spine[1:]], 0.9, 8, 0.45),
    )
    ring = Part(
        "scapula coracoid ring", (rim,), 6, 1.8, holes=(inset(rim, 1.6),), cortex=0.8, density=0.6,
    )
    if not vary.child:
        return (whole, *details, tip, beak, ring)
    ends = (
        *grown(tip, True, acromial=[(-10, -60), (-9, -42), (-12, -26)]),
        *grown(beak, True, coracoid=[(36, -48), (42, -33), (48, -22), (60, -16)]),
    )
    return (whole, *details, *ends)


def _clavicle(vary: Variation) -> tuple[Part, ...]:
    rise = vary.normal("shoulder.clavicle", 2.0)
    upper = [
        (26, -58), (32, -61.6), (44, -64), (60, -65 - rise), (78, -63 - rise), (98, -57 - rise),
        (120, -51 - rise),
        (150, -47 - rise), (190, -46 - rise),
    ]
    lower = [
        (190, -29 - rise), (150, -33 - rise), (120, -38 - rise), (100, -44 - rise),
        (80, -50 - rise), (62, -52.4 - rise),
        (46, -51), (34, -48.6), (27, -48.6), (25.4, -53),
    ]
    outline = closed([*upper, *lower])
    marrow = closed(
        [
            *((x + 0.4, y + 1.0 + 1.2 * min(1.0, max(0.0, (x - 32) / 40))) for x, y in upper),
            *((x + 0.4, y - 0.8 - 1.4 * min(1.0, max(0.0, (x - 32) / 40))) for x, y in lower),
        ]
    )
    return (Part("clavicle", (outline,), 12, 6, marrow=(marrow,), grain=(Grain(0, 0.6),)),)


def _humerus(vary: Variation) -> tuple[Part, ...]:
    turn = vary.normal("shoulder.rotation", 1.5)
    outline = [
        (-41, 240), (-37, 190), (-33.6, 150), (-30.6, 120), (-28.4, 90), (-27.4, 66), (-27.8, 48),
        (-29.4, 34),
        (-31, 22), (-31.8, 10), (-30.4, 0), (-27.4 - turn, -8), (-24.2, -14), (-21.4, -15.6),
        (-17, -18), (-10, -22.4),
        (-2, -24.4), (7, -23.6), (15, -19.6), (20.8, -13), (23.8, -4), (23.6, 5), (20.4, 13.4),
        (15.6, 19.4), (11, 23),
        (7, 29), (2, 39), (-1.6, 50), (-4, 66), (-5.8, 90), (-8.4, 120), (-11.4, 150), (-15, 190),
        (-19, 240),
    ]
    grain = (Grain(110, 0.6), Grain(70, 0.5), Grain(90, 0.4), Grain(20, 0.3))
    bone = long_bone(
        "humerus", outline, 42, 15,
        ((-25, 0.8), (10, 0.7), (30, 1.4), (50, 2.8), (80, 4.4), (130, 5.0)),
        grain=grain,
    )
    details = (
        Part("humerus head", (ellipse(3, -1, 20, 22),), 20, 22, cortex=0.2, density=0.7),
        line(
            "humerus greater tubercle", [(-22, -14), (-17, -6), (-14, 6), (-15, 18), (-19, 30)],
            0.8, 8, 0.3,
        ),
        line(
            "humerus anatomical neck", [(-20, -14), (-10, -6), (0, 4), (8, 14), (12, 22)], 1.0, 6,
            0.15,
        ),
        line(
            "humerus head surface",
            [
                (-8, -22), (0, -23.6), (8, -22.6), (15, -18.6), (20, -12), (22.8, -3), (22.4, 5),
                (19, 13),
            ],
            0.8, 10, 0.3,
        ),
    )
    plate = [(-50, 12), (-30, 9), (-16, -3), (-4, 0), (8, 14), (16, 22), (30, 30)]
    swing = vary.normal("shoulder.abduction", 3.0)
    parts = (
        *grown(varied(bone, vary, 0.6), vary.child, proximal=plate),
        *(() if vary.child else details),
    )
    return tuple(part.placed(lambda p: rotated(p, swing)) for part in parts)
