"""The knee, AP, a right one: the fibula to the reader's left."""

from generation.backends.phantom.growth import grown, ossified
from generation.backends.phantom.limb import UPRIGHT, line, long_bone, varied, view
from generation.backends.phantom.parts import Grain, Material, Part, Technique, View
from generation.backends.phantom.shapes import closed, ellipse, moved
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

GRAIN = (*UPRIGHT, Grain(0, 0.1))
TECHNIQUE = Technique(
    field=(170, 236), beam=0.72, slope=3.7, gamma=2.0, window=(0.6, 99.9), texture=0.7
)
FEMUR_PLATE = [(-60, -34), (-36, -35), (-20, -28), (0, -34), (20, -28), (38, -36), (60, -34)]
TIBIA_PLATE = [(-60, 22), (-33, 23), (-14, 26), (0, 24), (14, 27), (34, 25), (60, 24)]


def ap(vary: Variation) -> View:
    parts = (
        *_flesh(vary),
        *_femur(vary),
        *_patella(vary),
        *_tibia(vary),
        *_fibula(vary),
    )
    return view(parts, TECHNIQUE, (0.04, 0.05, 0.04, 0.05), vary)


def _flesh(vary: Variation) -> tuple[Part, ...]:
    fat = vary.uniform("knee.fat", 0.9, 1.25)
    skin = closed(
        [
            (-74 * fat, -220), (-68 * fat, -110), (-60 * fat, -50), (-55, -8), (-54, 24),
            (-60, 70), (-60, 120), (-50, 220), (50, 220), (62, 120), (60, 70), (55, 24),
            (57, -8), (64 * fat, -50), (72 * fat, -110), (78 * fat, -220),
        ]
    )
    muscle = closed(
        [
            (-62, -220), (-58, -110), (-50, -55), (-45, -20), (-45, 20), (-53, 70), (-53, 120),
            (-42, 220), (42, 220), (54, 120), (51, 70), (45, 24), (47, -20), (53, -55),
            (62, -110), (66, -220),
        ]
    )
    return (
        Part("skin", (skin,), 126, 46, Material.BODY),
        Part("muscle", (muscle,), 104, 34, Material.SOFT),
    )


def _femur(vary: Variation) -> tuple[Part, ...]:
    wide = 1 + vary.normal("knee.condyles", 0.03)
    notch = vary.uniform("knee.notch", 12, 17)
    outline = [
        (-23, -230), (-20, -150), (-18.5, -110), (-19.5, -88), (-20.6, -76), (-24.4, -62),
        (-31 * wide, -51), (-39.5 * wide, -38), (-41 * wide, -29), (-40 * wide, -22),
        (-40.4 * wide, -14), (-38 * wide, -6), (-33 * wide, -0.8), (-25, 1.8), (-17, 0.6),
        (-11, -4), (-8, -notch * 0.8), (-3, -notch - 1), (3, -notch - 1), (7.4, -notch * 0.8),
        (11, -3), (17, 1.8), (25, 3.4), (34 * wide, 0.8), (40 * wide, -6), (43 * wide, -16),
        (44.6 * wide, -27), (44 * wide, -36), (40 * wide, -46), (29 * wide, -58), (21.4, -74),
        (17.4, -90), (15.4, -110), (12.5, -150), (10, -230),
    ]
    bone = long_bone(
        "femur", outline, 43, 15,
        ((-150, 6.5), (-100, 4.8), (-75, 2.6), (-50, 1.0), (-4, 0.8), (4, 1.2)), grain=GRAIN,
    )
    condyles = (
        ellipse(-24, -17, 17 * wide, 19, 6), ellipse(27, -17, 17.5 * wide, 21, -6),
    )
    details = (
        Part("femur condyles", condyles, 11, 15, cortex=0.2, density=0.8, grain=UPRIGHT),
        line("femur notch", [(-11, -8), (-8, -18), (0, -22), (8, -18), (11, -7)], 0.9, 10, 0.3),
        line("femur lateral surface", [(-36, -5), (-31, 0), (-24, 0.9), (-15, -1)], 0.9, 12, 0.35),
        line("femur medial surface", [(14, -0.6), (24, 2.5), (33, 0.2), (39.5, -7)], 0.9, 12, 0.35),
        line("femur adductor tubercle", [(41, -40), (36, -46), (33, -55)], 0.8, 7, 0.35),
        line("femur scar", [(x, y + 1) for x, y in FEMUR_PLATE[1:-1]], 0.9, 7, 0.28),
    )
    parts = grown(bone, vary.child, distal=FEMUR_PLATE)
    return (*parts, *(() if vary.child else details))


def _patella(vary: Variation) -> tuple[Part, ...]:
    y = -31 + vary.normal("knee.patella", 2.5)
    outline = closed(
        [
            (-4, -20.5), (7, -20.5), (16, -15), (20.5, -5), (17, 8), (9, 17), (1, 21.6), (-8, 17),
            (-17, 8), (-20.5, -4), (-16, -14.6),
        ]
    )
    part = Part("patella", (moved(outline, -2.5, y),), 13, 10, cortex=0.7, grain=GRAIN)
    return (ossified(varied(part, vary, 2.0, 0.6), vary.child, 0.78),)


def _tibia(vary: Variation) -> tuple[Part, ...]:
    wide = 1 + vary.normal("knee.plateau", 0.03)
    outline = [
        (-39.8 * wide, 13), (-38.4 * wide, 8.4), (-30, 6.6), (-19, 7.0), (-11.4, 5),
        (-7.2, -2.2), (-4.4, -2.4), (-1, 1.4), (2.6, 0.2), (5.4, -4.4), (7.6, -3.6), (10, 3.8),
        (17, 8), (29, 9), (38.6 * wide, 9.4), (41.2 * wide, 13.4), (40.6 * wide, 20),
        (37 * wide, 30), (30.4, 44), (24, 60), (19, 82), (16, 115), (14, 160), (13, 230),
        (-14, 230), (-13.5, 160), (-15, 115), (-18, 84), (-23, 62), (-29, 47), (-35 * wide, 34),
        (-38.6 * wide, 24),
    ]
    bone = long_bone(
        "tibia", outline, 43, 15,
        ((6, 1.6), (12, 0.9), (45, 1.2), (75, 2.8), (110, 5.0), (160, 6.0)), grain=GRAIN,
    )
    details = (
        line(
            "tibia lateral plateau", [(-38, 10.6), (-30, 8.4), (-19, 8.8), (-11.6, 7)], 1.1, 14,
            0.45,
        ),
        line(
            "tibia medial plateau", [(10.6, 5.6), (17, 9.6), (29, 10.8), (38.6, 11.4)], 1.2, 14,
            0.45,
        ),
        line(
            "tibia far rim", [(-36, 13.6), (-22, 12), (-8, 10), (10, 11), (24, 14), (37, 15.4)],
            0.8, 9, 0.25,
        ),
        line("tibia tuberosity", [(-12, 40), (-8, 52), (-5, 66), (-4, 84)], 1.0, 8, 0.25),
        line("tibia scar", TIBIA_PLATE[1:-1], 0.9, 7, 0.28),
    )
    parts = grown(bone, vary.child, proximal=TIBIA_PLATE)
    return (*parts, *(() if vary.child else details))


def _fibula(vary: Variation) -> tuple[Part, ...]:
    x = vary.normal("knee.fibula", 1.2)
    outline = [
        (-43, 17.4), (-39, 16), (-34.6, 20), (-31.4, 26), (-31.4, 34), (-33.4, 44), (-33.8, 60),
        (-31.5, 90), (-29, 140), (-26, 230), (-38, 230), (-40.5, 140), (-42.4, 90), (-43, 60),
        (-44.4, 45), (-48, 35), (-48.4, 26),
    ]
    bone = long_bone(
        "fibula", outline, 13, 6,
        ((16, 0.8), (40, 1.0), (60, 2.2), (120, 3.4), (200, 4.0)), grain=GRAIN,
    )
    bone = varied(bone.placed(lambda p: moved(p, x, 0)), vary, 0.5)
    return grown(bone, vary.child, proximal=[(-60, 31), (-40, 30.6), (-20, 31)])
