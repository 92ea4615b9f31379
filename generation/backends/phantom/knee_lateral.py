"""The knee from the side, the patella to the reader's left."""

from generation.backends.phantom.growth import grown, ossified
from generation.backends.phantom.knee import GRAIN, TECHNIQUE
from generation.backends.phantom.limb import line, long_bone, varied, view
from generation.backends.phantom.parts import Material, Part, View
from generation.backends.phantom.shapes import closed, moved, rotated, tube
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

HINGE = (8.0, -14.0)  # about which the knee bends


def lateral(vary: Variation) -> View:
    bent = vary.uniform("knee.flexion", 14, 28)
    leg = (*_tibia(vary), *_fibula(vary))
    below = (part.placed(lambda p: rotated(p, -bent, HINGE)) for part in leg)
    parts = (*_flesh(bent), *below, *_femur(vary), *_patella(vary))
    return view(parts, TECHNIQUE, (0.03, 0.05, 0.03, 0.05), vary)


def _flesh(bent: float) -> tuple[Part, ...]:
    thigh = closed(
        [
            (-66, -220), (-64, -120), (-61, -60), (-58, -35), (-54, -8), (-36, 20), (10, 34),
            (52, 8), (58, -30), (66, -70), (74, -120), (82, -220),
        ]
    )
    calf = rotated(
        closed(
            [
                (-42, -30), (-46, -5), (-42, 30), (-36, 70), (-34, 120), (-32, 240), (56, 240),
                (70, 130), (68, 70), (58, 20), (50, -20), (20, -40),
            ]
        ),
        -bent,
        HINGE,
    )
    quadriceps = tube([(-38, -230), (-39, -130), (-43, -80), (-48, -52)], [20, 16, 7, 4])
    ligament = tube([(-47, -12), (-41, 8), (-36, 26), (-32, 42)], [3.5, 3.2, 3.2, 3.0])
    ham = tube([(52, -230), (50, -130), (44, -60), (46, -10)], [18, 18, 14, 9])
    gastro = rotated(
        tube([(34, -20), (42, 20), (44, 80), (40, 230)], [10, 15, 21, 20]), -bent, HINGE
    )
    return (
        Part("skin", (thigh, calf), 118, 44, Material.BODY),
        Part("quadriceps", (quadriceps,), 70, 14, Material.SOFT),
        Part("patellar ligament", (ligament,), 26, 3.5, Material.SOFT),
        Part("hamstrings", (ham,), 80, 16, Material.SOFT),
        Part("gastrocnemius", (gastro,), 80, 16, Material.SOFT),
    )


FEMUR = [
    (-10, -240), (-13, -150), (-16, -105), (-19, -80), (-23.5, -64), (-29, -52), (-33, -40),
    (-34.6, -28), (-32.4, -17), (-27, -7.4), (-18, -0.4), (-6, 2.6), (6, 2.8), (17, 0), (27, -6.6),
    (34.4, -16), (37.6, -27), (36.6, -37), (32, -45.6), (25.6, -51), (20.4, -58), (17, -68),
    (15, -84), (14, -108), (16, -150), (20, -240),
]
CONDYLE = [
    (-27, -24), (-24, -9), (-13, 1.6), (3, 5), (19, 2.6), (32, -5), (39.4, -17.4), (41, -30),
    (37, -41), (29.4, -48.4), (19, -51), (6, -47), (-8, -42), (-20, -35),
]


def _femur(vary: Variation) -> tuple[Part, ...]:
    dx, dy = vary.normal("knee.rotation", 1.6), vary.uniform("knee.tilt", 1.0, 3.0)
    near = closed(CONDYLE)
    far = moved(near * (0.92, 0.92), 1 + dx, -dy - 1.5)
    bone = long_bone(
        "femur", FEMUR, 42, 15,
        ((-160, 6.5), (-100, 4.6), (-75, 2.2), (-55, 1.0), (-10, 0.8), (4, 1.0)), grain=GRAIN,
    )
    details = (
        Part("near condyle", (near,), 13, 13, cortex=0.6, density=0.75, grain=GRAIN),
        Part("far condyle", (far,), 12, 12, cortex=0.6, density=0.65, grain=GRAIN),
        line("femur notch roof", [(24, -45), (13, -32), (2, -19), (-7, -8)], 1.0, 9, 0.22),
        line("femur trochlea", [(-23, -56), (-27.4, -44), (-29, -32), (-27, -20)], 0.8, 9, 0.3),
        line("femur scar", [(-31, -42), (-14, -38), (2, -44), (18, -46), (28, -45)], 0.9, 7, 0.25),
    )
    plate = [(-60, -36), (-33, -37), (-14, -34), (2, -41), (18, -42), (36, -43), (60, -42)]
    return (*grown(bone, vary.child, distal=plate), *(() if vary.child else details))


def _patella(vary: Variation) -> tuple[Part, ...]:
    outline = closed(
        [
            (-50, -55), (-44, -56), (-38, -53.4), (-35.6, -46), (-35, -34), (-37.6, -25),
            (-42.6, -15),
            (-46.6, -13), (-50, -19), (-53, -30), (-53.6, -44),
        ]
    )
    outline = moved(outline, -2.5, vary.normal("knee.patella", 2.5))
    part = Part("patella", (outline,), 32, 8, cortex=1.0, grain=GRAIN)
    return (ossified(varied(part, vary, 2.0, 0.5), vary.child, 0.78),)


def _tibia(vary: Variation) -> tuple[Part, ...]:
    outline = [
        (-24.6, 12.4), (-20, 8.8), (-8, 7.8), (0, 4.6), (3.4, 3), (7, 6.4), (16, 9.6), (26, 11),
        (30.4, 14), (31, 20), (28.4, 29), (24, 42), (20, 60), (18, 90), (17, 140), (18, 250),
        (-12, 250), (-13, 140), (-15.6, 94), (-19, 70), (-23.6, 57), (-27, 48), (-26.6, 40),
        (-24.4, 30),
        (-24.4, 20),
    ]
    bone = long_bone(
        "tibia", outline, 40, 14,
        ((6, 1.4), (12, 0.9), (50, 1.3), (80, 3.2), (120, 5.5), (170, 6.0)), grain=GRAIN,
    )
    details = (
        line(
            "tibia plateau", [(-22.6, 11.4), (-12, 9.6), (2, 9.6), (16, 11.8), (28, 13.6)], 1.1,
            13, 0.4,
        ),
        line("tibia far rim", [(-20, 14), (-4, 13.4), (12, 15), (26, 17.6)], 0.8, 9, 0.25),
        line("tibia scar", [(-23, 26), (-8, 23), (10, 24), (27, 26)], 0.9, 7, 0.25),
    )
    plate = [(-60, 58), (-30, 52), (-23, 42), (-16, 29), (-4, 24), (12, 24.6), (60, 25)]
    return (*grown(bone, vary.child, proximal=plate), *(() if vary.child else details))


def _fibula(vary: Variation) -> tuple[Part, ...]:
    outline = [
        (25.4, 20), (29, 17.4), (34, 19), (38.4, 25), (38.6, 34), (35.4, 45), (34, 62), (34.4, 110),
        (35, 250), (23, 250), (24, 110), (25, 62), (24, 46), (21.8, 36), (22, 26),
    ]
    bone = long_bone(
        "fibula", outline, 12, 6,
        ((18, 0.8), (40, 1.0), (60, 2.2), (120, 3.2), (200, 3.8)), grain=GRAIN,
    )
    return grown(varied(bone, vary, 0.5), vary.child, proximal=[(0, 32), (30, 31.4), (60, 32)])
