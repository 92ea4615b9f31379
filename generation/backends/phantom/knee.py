"""The knee, a right one: AP with the fibula to the reader's left, lateral with the patella left."""

from generation.backends.phantom.parts import Grain, Material, Part, Technique, View
from generation.backends.phantom.shapes import closed, moved, rotated, shaft, tube
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

UPRIGHT = (Grain(90, 0.9), Grain(0, 0.28), Grain(68, 0.25), Grain(112, 0.25))
TECHNIQUE = Technique(field=(170, 236), beam=0.72, slope=4.2, gamma=1.45, window=(0.6, 99.9))


def ap(vary: Variation) -> View:
    parts = (
        *_flesh(vary),
        _femur(vary),
        _scars(),
        _patella(vary),
        _tibia(vary),
        _fibula(vary),
    )
    return View(parts, TECHNIQUE, (0.04, 0.05, 0.04, 0.05))


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


def _femur(vary: Variation) -> Part:
    wide = 1 + vary.normal("knee.condyles", 0.03)
    notch = vary.uniform("knee.notch", 12, 17)
    outline = closed(
        [
            (-24, -230), (-21, -150), (-19, -110), (-20.5, -80), (-26, -60), (-34 * wide, -46),
            (-40 * wide, -34), (-41.5 * wide, -24), (-40 * wide, -10), (-34 * wide, -1.5),
            (-24, 1.5), (-13, -1.5), (-8, -notch * 0.6), (0, -notch), (7, -notch * 0.6),
            (12, -0.5), (23, 3.2), (34 * wide, 0.5), (40.5 * wide, -9), (43 * wide, -24),
            (44 * wide, -36), (39 * wide, -48), (29, -63), (19.5, -84), (15, -110), (12.5, -150),
            (10, -230),
        ]
    )
    marrow = shaft(outline, [-150, -95, -70, -45], [6.5, 4.6, 2.2, 1.0])
    return Part("femur", (outline,), 43, 14, marrow=(marrow,), grain=UPRIGHT)


def _patella(vary: Variation) -> Part:
    y = -31 + vary.normal("knee.patella", 2.5)
    outline = closed(
        [
            (-3, -21), (8, -20), (17, -14), (20, -3), (16, 9), (8, 18), (1, 22), (-7, 18),
            (-16, 9), (-20, -3), (-16, -14),
        ]
    )
    return Part("patella", (moved(outline, -1.5, y),), 12, 8, cortex=0.8, grain=UPRIGHT)


def _tibia(vary: Variation) -> Part:
    wide = 1 + vary.normal("knee.plateau", 0.03)
    outline = closed(
        [
            (-39.5 * wide, 15), (-39 * wide, 8.5), (-30, 6.6), (-19, 6.8), (-11, 4.6),
            (-6.5, -2.6), (-3.5, -2), (0, 1.5), (3.2, -1.5), (5.6, -4), (9, 3.4), (17, 7.6),
            (29, 8.6), (39 * wide, 9.4), (41 * wide, 15), (39 * wide, 26), (32, 41), (24, 60),
            (18.5, 84), (15.5, 115), (14, 160), (13, 230), (-14, 230), (-13.5, 160), (-15, 115),
            (-18, 84), (-24, 60), (-32, 42), (-38 * wide, 27),
        ]
    )
    marrow = shaft(outline, [6, 12, 45, 75, 110, 160], [2.0, 1.2, 1.2, 2.8, 5.0, 6.0])
    return Part("tibia", (outline,), 43, 14, marrow=(marrow,), grain=UPRIGHT)


def _scars() -> Part:
    """What is left of the growth plates: faint lines across both metaphyses."""
    femur = tube([(-36, -34), (-20, -27), (0, -33), (20, -27), (38, -35)], 0.8)
    tibia = tube([(-33, 24), (-14, 27), (0, 25), (14, 28), (34, 26)], 0.8)
    return Part("growth plate scars", (femur, tibia), 6, 0.8, cortex=0.5, density=0.55)


def _fibula(vary: Variation) -> Part:
    x = vary.normal("knee.fibula", 1.2)
    outline = closed(
        [
            (-41, 15), (-37, 18), (-32, 24), (-31, 33), (-33, 44), (-33.5, 60), (-31.5, 90),
            (-29, 140), (-26, 230), (-38, 230), (-40.5, 140), (-42, 90), (-42.5, 60), (-44, 44),
            (-48, 33), (-47.5, 24),
        ]
    )
    outline = moved(outline, x, 0)
    marrow = shaft(outline, [16, 40, 60, 120, 200], [1.0, 1.2, 2.4, 3.6, 4.0])
    return Part("fibula", (outline,), 12, 5.5, marrow=(marrow,), grain=UPRIGHT)


def lateral(vary: Variation) -> View:
    bent = vary.uniform("knee.flexion", 14, 28)
    tibia, fibula = _lateral_tibia(), _lateral_fibula()
    below = [part.placed(lambda p: rotated(p, -bent, HINGE)) for part in (tibia, fibula)]
    parts = (*_lateral_flesh(bent), *below, *_lateral_femur(vary), _lateral_patella(vary))
    return View(parts, TECHNIQUE, (0.03, 0.05, 0.03, 0.05))


HINGE = (8.0, -14.0)  # about which the lateral knee bends


def _lateral_flesh(bent: float) -> tuple[Part, ...]:
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


def _lateral_femur(vary: Variation) -> tuple[Part, ...]:
    dx, dy = vary.normal("knee.rotation", 1.6), vary.uniform("knee.tilt", 1.0, 3.0)
    stem = closed(
        [
            (-8, -240), (-12, -150), (-15, -100), (-18, -70), (-25, -52), (-31, -38), (-33, -24),
            (-28, -10), (-16, -1), (0, 2), (14, 0), (26, -10), (31, -24), (28, -40), (20, -52),
            (16, -70), (15, -100), (18, -150), (22, -240),
        ]
    )
    condyle = closed(
        [
            (-28, -34), (-30, -24), (-25, -10), (-13, 0), (2, 3.5), (18, 1), (31, -8), (38, -22),
            (36, -36), (28, -47), (18, -66), (8, -100), (0, -118), (-6, -100), (-14, -72),
            (-22, -50),
        ]
    )
    marrow = shaft(stem, [-160, -100, -75, -55], [6.5, 5.0, 2.5, 1.0])
    far = moved(condyle * (0.93, 0.93), 1 + dx, -dy - 1)
    return (
        Part("femur", (stem,), 34, 13, marrow=(marrow,), grain=UPRIGHT),
        Part("near condyle", (condyle,), 13, 9, cortex=0.9, grain=UPRIGHT),
        Part("far condyle", (far,), 10, 8, cortex=0.9, grain=UPRIGHT),
    )


def _lateral_patella(vary: Variation) -> Part:
    outline = closed(
        [
            (-48, -54), (-39, -54), (-35, -46), (-34, -34), (-37, -25), (-43, -14), (-48, -17),
            (-53, -28), (-54, -42),
        ]
    )
    outline = moved(outline, -1.5, vary.normal("knee.patella", 2.5))
    return Part("patella", (outline,), 30, 9, cortex=1.1, grain=UPRIGHT)


def _lateral_tibia() -> Part:
    outline = closed(
        [
            (-24, 12), (-20, 8.5), (-6, 7.5), (2, 3.5), (7, 7.5), (16, 10), (28, 12), (31, 17),
            (29, 27), (24, 42), (20, 62), (18, 90), (17, 140), (18, 250), (-12, 250), (-13, 140),
            (-16, 90), (-19, 66), (-24, 54), (-27, 46), (-26, 36), (-24, 24),
        ]
    )
    marrow = shaft(outline, [6, 12, 50, 80, 120, 170], [1.9, 1.1, 1.3, 3.2, 5.5, 6.0])
    return Part("tibia", (outline,), 34, 13, marrow=(marrow,), grain=UPRIGHT)


def _lateral_fibula() -> Part:
    outline = closed(
        [
            (26, 20), (32, 19), (38, 25), (38, 34), (34, 46), (33, 64), (34, 110), (35, 250),
            (23, 250), (24, 110), (25, 64), (24, 46), (22, 34), (22, 26),
        ]
    )
    marrow = shaft(outline, [18, 40, 60, 120, 200], [0.9, 1.1, 2.4, 3.4, 3.8])
    return Part("fibula", (outline,), 11, 5.5, marrow=(marrow,), grain=UPRIGHT)
