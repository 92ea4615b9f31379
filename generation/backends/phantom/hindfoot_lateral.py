"""Ankle and hindfoot from the side, toes to the reader's left: tibia, fibula, talus, calcaneus."""

from generation.backends.phantom.growth import grown
from generation.backends.phantom.limb import line, long_bone, varied
from generation.backends.phantom.parts import Grain, Part
from generation.backends.phantom.shapes import closed, moved
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off


def bones(vary: Variation) -> tuple[Part, ...]:
    """About the middle of the foot."""
    return (*_calcaneus(vary), *_talus(vary), *_fibula(vary), *_tibia(vary))


def _tibia(vary: Variation) -> tuple[Part, ...]:
    bone = long_bone(
        "tibia",
        [
            (56.6, -160), (55.9, -114.3), (55.1, -82.5), (53.8, -63.5), (51.6, -49.5),
            (49.4, -38.1), (49, -29.2), (50.8, -22.4), (54.4, -17.3), (57.9, -19.1), (63.5, -21),
            (68.6, -21.3), (74.3, -20.1), (78.7, -17.8), (82, -15.7), (84.8, -16), (87.2, -19.1),
            (87.9, -24.1), (87, -31.8), (84.6, -43.2), (82, -53.3), (80.5, -63.5), (79.5, -88.9),
            (79.8, -114.3), (80.8, -160),
        ],
        34, 12,
        ((-160, 4.6), (-90, 4.2), (-60, 2.8), (-38, 1.3), (-24, 0.9), (-20, 1.2)),
    )
    malleolus = [
        (55.4, -24.1), (54.6, -16.5), (56.6, -10.2), (61.7, -5.8), (67.3, -5.6), (72.4, -9.4),
        (75.7, -15.2), (78, -24.1), (66, -27.9),
    ]
    inner = Part("tibia malleolus", (closed(malleolus),), 9, 4, cortex=0.8, density=0.8)
    plafond = line("tibia plafond", [
        (53.8, -17.8), (57.9, -19.8), (63.5, -21.7), (68.6, -22.1), (74.3, -20.8), (78.7, -18.5),
        (83.1, -16.3),
    ], 0.8, 14)
    plate = [
        (40.6, -29.5), (58.4, -29.2), (68.6, -30.7), (78.7, -29.2), (96.5, -30),
    ]
    return (*grown(varied(bone, vary, 0.6), vary.child, distal=plate), inner, plafond)


def _fibula(vary: Variation) -> tuple[Part, ...]:
    outline = [
        (71.1, -160), (70.4, -101.6), (70.1, -63.5), (68.6, -50.8), (65.5, -38.1), (62.7, -26.7),
        (61.5, -16.5), (62.7, -7.6), (66.5, -0.5), (70.9, 1.3), (75.4, -4.6), (79.5, -15.2),
        (82.3, -27.9), (83.3, -40.6), (83.6, -53.3), (83.8, -68.6), (84.3, -101.6), (85.9, -160),
    ]
    bone = long_bone("fibula", outline, 11, 6, ((-160, 2.6), (-60, 2.2), (-30, 1.0), (0, 0.8)))
    return grown(
        varied(bone, vary, 0.6), vary.child, distal=[(53.3, -21.6), (71.1, -20.3), (91.4, -21.6)],
    )


def _talus(vary: Variation) -> tuple[Part, ...]:
    outline = [
        (50.5, -9.4), (52.8, -12.2), (57.1, -15.7), (62.2, -17.8), (68.6, -18.5), (73.7, -17.3),
        (78.7, -14), (82.5, -9.7), (85, -5.1), (87.1, -1.3), (87.6, 2), (83.3, 1.5), (79, 2.5),
        (75.2, 5.8), (71.6, 9.1), (68.1, 10.9), (65, 10.2), (61.5, 7.9), (57.4, 9.4),
        (52.1, 12.7), (47.8, 13.5), (42.2, 11.4), (38.4, 8.1), (36.1, 2.5), (35.6, -2.3),
        (37.3, -6.3), (40.6, -8.1), (45.7, -7.7),
    ]
    bone = Part(
        "talus", (closed(outline),), 34, 12, cortex=0.8, grain=(Grain(90, 0.5), Grain(150, 0.5)),
    )
    lines = (
        line("talus dome", [
            (52.1, -10.9), (57.1, -15), (62.2, -17.1), (68.6, -17.9), (73.7, -16.6),
            (78.7, -13.3), (83.1, -8.1), (85.1, -3.8),
        ], 0.8, 13),
        line("talus head", [
            (38.1, -5.8), (36.3, -2), (36.8, 2.5), (39.1, 7.6), (42.7, 10.9),
        ], 0.7, 10),
        line("talus posterior facet", [
            (84.6, 1.3), (78.7, 2), (74.7, 5.3), (70.6, 9.1), (66.5, 10.2),
        ], 0.7, 11),
        line("talus trochlea", [
            (54.6, -7.6), (59.7, -12.7), (66, -15.2), (72.4, -14.7), (78.7, -10.2), (82.5, -3.8),
        ], 0.5, 8, 0.45),
    )
    dx, dy = vary.normal("talus.x", 0.4), vary.normal("talus.y", 0.3)
    return tuple(part.placed(lambda p: moved(p, dx, dy)) for part in (bone, *lines))


def _calcaneus(vary: Variation) -> tuple[Part, ...]:
    outline = [
        (51.6, 13.7), (54.6, 12.2), (58.4, 11.4), (63, 11.2), (66.5, 13.5), (70.9, 12.4),
        (74.9, 8.6), (79.2, 4.3), (83.8, 2.3), (88.1, 3.3), (94, 6.3), (101.6, 10.2),
        (109.2, 12.2), (113.5, 11.9), (115.2, 15.9), (114.3, 21.6), (113, 29.2), (111.5, 38.1),
        (108.7, 45.7), (103.5, 50.3), (97.2, 52.1), (90.2, 51.3), (85.6, 49), (84.1, 45),
        (78.7, 41.9), (68.6, 38.9), (61, 36.8), (54.6, 32.8), (52.5, 26.7), (51.7, 20.3),
    ]
    grain = (
        Grain(35, 0.9, (64.0, 14.0), 26), Grain(150, 0.8, (92.0, 30.0), 26), Grain(165, 0.5),
        Grain(90, 0.25)
    )
    bone = Part("calcaneus", (closed(outline),), 32, 10, cortex=1.0, grain=grain)
    plate = [
        (106.7, 0), (107.4, 15.2), (105.9, 27.9), (104.1, 40.6), (99.1, 58.4),
    ]
    lines = (
        line("calcaneus posterior facet", [
            (67.3, 14), (71.1, 13), (75.2, 9.4), (79.8, 5.1), (84.3, 3.3),
        ], 0.9, 13),
        line("calcaneus thalamus", [(66, 16), (72.4, 14.7), (78, 10.2), (83.8, 5.6)], 1.0, 8, 0.5),
        line(
            "calcaneus sustentaculum", [(55.9, 13.7), (59.7, 13), (63.5, 13.5), (66.8, 16)], 0.8,
            11,
        ),
        line("calcaneus plantar cortex", [(56.6, 33), (68.6, 37.8), (81.3, 41.9)], 0.8, 9),
        line("calcaneus front", [(52.6, 15.2), (52.6, 22.9), (53.8, 30.5)], 0.7, 9),
    )
    if vary.child:
        return (*grown(bone, vary.child, posterior=plate), *lines)
    return (bone, *lines)
