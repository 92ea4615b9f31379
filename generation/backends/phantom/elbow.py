"""The elbow, a right one: AP with the radius to the reader's left,
lateral bent to a right angle."""

from generation.backends.phantom.growth import grown
from generation.backends.phantom.limb import flesh, line, long_bone, varied, view
from generation.backends.phantom.parts import Grain, Material, Part, Technique, View
from generation.backends.phantom.shapes import closed, ellipse, rotated, tube
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

TECHNIQUE = Technique(
    field=(126, 176), beam=0.6, scatter=0.14, slope=3.7, gamma=2.0, window=(0.5, 99.9),
    texture=0.75
)
LATERAL = Technique(
    field=(166, 178), beam=0.6, scatter=0.14, slope=3.7, gamma=2.0, window=(0.5, 99.9),
    texture=0.75
)


def ap(vary: Variation) -> View:
    parts = (*_flesh(vary), *_humerus(vary), *_ulna(vary), *_radius(vary))
    return view(parts, TECHNIQUE, (0.02, 0.02, 0.02, 0.02), vary)


def _flesh(vary: Variation) -> tuple[Part, ...]:
    full = 1 + vary.normal("elbow.flesh", 0.05)
    skin = closed(
        [
            (34, -110.2), (37.3, -77.8), (43.7, -51.8), (48, -32.4), (46.3, -9.7), (45.4, 19.4),
            (44.7, 51.8), (42.8, 100.4), (-38.9, 100.4), (-45.4, 51.8), (-50.2, 19.4),
            (-50.2, -3.2), (-47, -25.9), (-48.6, -55.1), (-58.3, -77.8), (-68, -110.2),
        ]
    )
    inner = [
        (22.7, -110.2), (25.9, -64.8), (37.3, -38.9), (37.3, -6.5), (35.6, 35.6), (32.4, 100.4),
        (0, 100.4), (0, 19.4), (6.5, -45.4), (-3.2, -110.2),
    ]
    outer = [
        (-19.4, -110.2), (-22.7, -45.4), (-22.7, -6.5), (-16.2, 29.2), (-13, 100.4),
        (-32.4, 100.4), (-38.9, 45.4), (-42.1, 3.2), (-38.9, -38.9), (-45.4, -77.8),
        (-55.1, -110.2),
    ]
    return (
        Part("skin", (skin * (full, 1.0),), 72, 28, Material.BODY),
        flesh("muscle", (inner, outer), 44, 17),
    )


def _humerus(vary: Variation) -> tuple[Part, ...]:
    reach = vary.normal("elbow.epicondyle", 0.8)
    outline = [
        *[
            (0, -116.6), (0, -94), (1, -77.8), (4.2, -64.8), (10.7, -54.1), (19.4, -46.7),
        ],
        *((x + reach, y) for x, y in [(29.2, -42.1), (35, -37.3), (36.9, -31.4), (34.7, -24.9)]),
        *[
            (28.5, -19.8), (24, -15.6), (22.7, -10.7), (21.1, -7.1), (17.5, -5.8), (13.6, -8.7),
            (9.4, -10.4), (5.5, -8.4), (1.3, -4.2), (-2.3, -3.2), (-6.5, -1.6), (-12.3, 1),
            (-18.5, 1.6), (-23.7, -1.6), (-27.5, -7.1), (-28.5, -12.3), (-29.8, -17.8),
            (-30.1, -23.3), (-27.9, -29.8), (-24.9, -37.3), (-23.3, -47), (-23, -61.6),
            (-23, -77.8), (-23.7, -94), (-24.6, -116.6),
        ],
    ]
    bone = long_bone(
        "humerus", outline, 22, 10,
        ((-110, 5.0), (-72, 4.6), (-56, 2.6), (-42, 1.2), (-30, 0.7), (4, 0.9)),
    )
    fossa = [
        (7.1, -33), (1.6, -37.3), (-3.2, -38.2), (-7.5, -33.4), (-8.4, -26.6), (-3.9, -24.3),
        (3.2, -26.6),
    ]
    details = (
        Part("humerus olecranon fossa", (closed(fossa),), 9, 4, cortex=2.0, density=-0.55),
        line("humerus fossa rim", [
            (9.7, -29.2), (5.5, -35), (-1.6, -39.9), (-8.7, -35.6), (-10.7, -27.5),
            (-10.4, -19.4),
        ], 0.9, 7, 0.4),
        line("humerus trochlea", [
            (21.1, -8.1), (17.5, -7.1), (13.6, -9.9), (9.4, -11.5), (5.2, -9.7), (0.6, -5.5),
        ], 0.8, 10, 0.45),
        line("humerus capitellum", [
            (-7.1, -2.3), (-13, -0.3), (-18.5, 0), (-23.3, -2.9), (-27.2, -8.1),
        ], 0.7, 9, 0.4),
        line(
            "humerus lateral ridge", [(-25.3, -19.4), (-20.7, -35.6), (-18.8, -55.1)], 0.8, 6, 0.3,
        ),
    )
    parts = grown(
        varied(bone, vary, 0.5), vary.child,
        distal=[
            (-42.1, -15.2), (-19.4, -13.9), (-6.5, -16.2), (6.5, -18.1), (20.1, -18.5),
            (48.6, -16.2),
        ],
        medial=[(23.7, -55.1), (25.6, -35.6), (24.9, -24.3), (21.1, -6.5)],
    )
    return (*parts, *(details[:1] if vary.child else details))


def _ulna(vary: Variation) -> tuple[Part, ...]:
    outline = [
        (26.9, -6.8), (25.3, -7.1), (21.7, -3.9), (17.2, -1.9), (13, -4.9), (9.1, -6.8),
        (4.9, -4.9), (0.6, -1), (-0.3, 3.9), (1, 11.3), (1.6, 19.4), (1, 32.4), (1.3, 48.6),
        (2.3, 68), (3.6, 92.3), (4.2, 124.7), (19.4, 124.7), (18.8, 92.3), (17.5, 64.8),
        (17.2, 45.4), (18.1, 29.2), (19.8, 16.2), (23, 9.1), (26.2, 1.6),
    ]
    bone = long_bone(
        "ulna", outline, 19, 8.5,
        ((-8, 0.7), (6, 0.8), (16, 1.4), (34, 2.8), (60, 3.6)),
    )
    olecranon = [
        (20.4, -19.4), (18.5, -25.9), (13.6, -29.8), (7.1, -30.5), (1.6, -27.5), (-2.3, -22.7),
        (-2.6, -13), (-0.3, -3.2), (1.6, 6.5), (4.9, 14.6), (11.3, 17.8), (17.2, 9.7), (20.4, 0),
        (21.4, -9.7),
    ]
    over = Part("ulna olecranon", (closed(olecranon),), 10, 12, cortex=0.3, density=0.9)
    coronoid = line("ulna coronoid", [
        (24.6, -5), (21.1, -1.9), (16.8, -0.3), (12.6, -3.2), (8.7, -5.2), (4.9, -3.2), (1.6, 0),
    ], 0.8, 10, 0.5)
    if vary.child:
        return (
            varied(bone, vary, 0.5), *grown(
                over, True, proximal=[(32.4, -21.7), (9.7, -22), (-16.2, -21.1)],
            ),
        )
    return (varied(bone, vary, 0.5), over, coronoid)


def _radius(vary: Variation) -> tuple[Part, ...]:
    outline = [
        (-3.2, 4.2), (-6.5, 4.2), (-12.3, 6.2), (-17.8, 6.5), (-22, 5.5), (-23, 8.7), (-22, 13.3),
        (-18.8, 17.2), (-16.8, 22), (-15.9, 30.8), (-16.2, 45.4), (-16.2, 68), (-15.6, 92.3),
        (-14.6, 124.7), (0, 124.7), (-0.3, 92.3), (-1, 68), (-0.6, 51.8), (1, 40.5), (1, 32.4),
        (-1.6, 26.6), (-4.2, 21.7), (-4.9, 17.2), (-2.9, 13.3), (-2.3, 8.1),
    ]
    bone = long_bone(
        "radius", outline, 17, 8,
        ((4, 0.6), (12, 0.8), (20, 1.6), (34, 2.4), (60, 3.2)),
    )
    head = line("radius head", [
        (-4.2, 5.8), (-8.1, 6.2), (-13, 7.8), (-17.8, 8.1), (-21.4, 7.1),
    ], 0.7, 9, 0.4)
    plate = [
        (9.7, 12.3), (-3.2, 12.3), (-13, 13.3), (-22.7, 13.3), (-35.6, 13),
    ]
    return (
        *grown(varied(bone, vary, 0.5), vary.child, proximal=plate),
        *(() if vary.child else (head,)),
    )


HINGE = (32.6, 41.5)  # about which the lateral elbow bends


def lateral(vary: Variation) -> View:
    bent = vary.normal("elbow.flexion", 2.0)
    forearm = (*_lateral_radius(vary), *_lateral_ulna(vary))
    turned = (part.placed(lambda p: rotated(p, bent, HINGE)) for part in forearm)
    parts = (*_lateral_flesh(vary), *turned, *_lateral_humerus(vary))
    return view(parts, LATERAL, (0.02, 0.02, 0.02, 0.02), vary)


def _lateral_flesh(vary: Variation) -> tuple[Part, ...]:
    full = vary.normal("elbow.flesh", 1.5)
    skin = closed(
        [
            *[
                (-17, -115.6), (-17, -81.6), (-16.3, -47.6), (-17.7, -20.4),
            ],
            *((x, y - full) for x, y in [
                (-25.5, -6.8), (-49.3, -2.4), (-83.3, 3.4), (-107.1, 7.8), (-134.3, 10.2),
            ]),
            *[
                (-134.3, 87.7), (-83.3, 87.4), (-49.3, 87.7), (-15.3, 88.4), (18.7, 89.4),
                (39.1, 87.7), (52, 79.9), (60.2, 64.6), (65.3, 47.6), (70.4, 23.8), (75.5, -6.8),
                (79.9, -47.6), (82.6, -81.6), (84.3, -115.6),
            ],
        ]
    )
    upper = [
        (-8.5, -115.6), (-6.8, -64.6), (-5.1, -23.8), (8.5, 20.4), (22.1, 20.4), (28.9, -20.4),
        (30.6, -115.6),
    ]
    triceps = [
        (56.1, -115.6), (56.1, -30.6), (56.1, 30.6), (59.5, 40.8), (64.6, 17), (69.7, -20.4),
        (74.8, -81.6), (76.5, -115.6),
    ]
    lower = [
        (-134.3, 17), (-83.3, 11.9), (-32.3, 6.8), (1.7, 13.6), (15.3, 27.2), (-32.3, 30.6),
        (-134.3, 37.4),
    ]
    return (
        Part("skin", (skin,), 74, 30, Material.BODY),
        flesh("muscle", (upper, triceps), 48, 15),
        flesh("forearm muscle", (lower,), 44, 12),
    )


def _lateral_humerus(vary: Variation) -> tuple[Part, ...]:
    outline = [
        (27.9, -122.4), (28.9, -90.1), (30.6, -56.1), (32, -30.6), (32, -10.2), (31.3, 6.8),
        (29.6, 20.4), (26.2, 28.2), (22.4, 35.7), (20.9, 42.5), (22.8, 49.3), (27.9, 54.1),
        (34.3, 55.1), (40.8, 52), (46.6, 45.9), (51, 37.4), (54.4, 27.2), (55.4, 15.3),
        (54.7, -5.1), (54.1, -39.1), (53.7, -90.1), (54.1, -122.4),
    ]
    bone = long_bone(
        "humerus", outline, 24, 10,
        ((-120, 4.6), (-30, 4.6), (0, 3.6), (18, 1.8), (30, 0.8), (50, 0.8)),
    )
    x, y = [(32.6, 41.5)][0]
    rings = tuple(
        tube(ellipse(x + dx, y + dy, r, r)[6:70], 0.8) for dx, dy, r in (
            (0, 0, 9.6), (-0.6, 0.6, 12.0),
        )
    )
    details = (
        Part("humerus trochlea", rings, 8, 1.2, cortex=0.8, density=0.3),
        Part(
            "humerus capitellum", (ellipse(x - 0.6, y + 0.6, 11.6, 11.6),), 10, 9, cortex=0.3,
            density=0.7,
        ),
        line("humerus coronoid fossa", [
            (31.6, 0), (33.3, 10.2), (36.7, 18.7), (39.8, 25.5), (39.4, 32.3), (35.7, 39.1),
        ], 1.2, 9, 0.28),
        line("humerus olecranon fossa", [
            (50, -6.8), (49, 5.1), (46.2, 15.3), (42.8, 24.5), (41.8, 30.6), (45.2, 39.1),
        ], 1.5, 10, 0.3),
        line(
            "humerus posterior ridge", [(49.3, 47.6), (52.7, 34), (52.7, 20.4), (50.3, 6.8)], 0.8,
            8, 0.4,
        ),
    )
    if not vary.child:
        return (varied(bone, vary, 0.4), *details)
    plate = [
        (8.5, 31.3), (22.1, 34.7), (32.3, 38.1), (42.5, 45.9), (52.7, 59.5),
    ]
    return (*grown(bone, True, distal=plate), *details[2:4])


def _lateral_ulna(vary: Variation) -> tuple[Part, ...]:
    outline = [
        (-134.3, 55.1), (-83.3, 54.9), (-57.8, 56.8), (-32.3, 57.1), (-15.3, 52.7), (-1.7, 49.3),
        (8.5, 45.2), (14.6, 40.1), (18, 38.1), (19.4, 42.5), (20.7, 48.6), (24.5, 54.4),
        (29.9, 57.8), (35.7, 58.1), (41.5, 55), (45, 50), (47, 44.6), (49, 46), (49, 56),
        (46.9, 66.3), (43.2, 73.1), (35.7, 77.2), (25.5, 77.2), (1.7, 75.1), (-32.3, 74.1),
        (-83.3, 73.4), (-134.3, 72.8),
    ]
    shape = closed(outline)
    marrow = closed([
        (-134.3, 59.5), (-83.3, 59.5), (-57.8, 60.9), (-28.9, 60.9), (-11.9, 56.1), (1.7, 52),
        (10.2, 48.3), (16, 43.5), (17.3, 45.9), (18.7, 50.3), (23.1, 56.4), (29.6, 59.8),
        (36, 60.2), (42.5, 57.5), (45.9, 53.7), (46.9, 57.8), (45.2, 65.6), (41.8, 71.7),
        (35, 75.5), (25.5, 75.1), (1.7, 72.4), (-32.3, 70), (-83.3, 69.4), (-134.3, 69),
    ])
    grain = (Grain(0, 0.8), Grain(35, 0.5), Grain(90, 0.25))
    bone = Part("ulna", (shape,), 22, 9, marrow=(marrow,), grain=grain)
    notch = line("ulna trochlear notch", [
        (18.7, 40.8), (19.7, 47.6), (23.5, 55.4), (29.6, 59.2), (36, 59.5), (42.2, 56.8),
        (45.9, 52.7),
    ], 0.8, 12, 0.5)
    bone = varied(bone, vary, 0.4)
    if vary.child:
        return grown(bone, True, proximal=[(48.3, 37.4), (42.5, 54.4), (38.4, 66.3), (36.4, 88.4)])
    return (bone, notch)


def _lateral_radius(vary: Variation) -> tuple[Part, ...]:
    outline = [
        (-134.3, 44.9), (-83.3, 41.8), (-62.9, 39.1), (-45.9, 35.7), (-28.9, 33.3), (-15.3, 35),
        (-5.1, 36.4), (2.4, 35.7), (7.5, 33), (14.6, 32.3), (18.4, 32.6), (19.4, 36.7),
        (18.7, 42.5), (19, 48.6), (17.7, 51.7), (10.2, 51.7), (2.4, 49.6), (-8.5, 51),
        (-22.1, 52.4), (-49.3, 53), (-83.3, 54.1), (-134.3, 56.1),
    ]
    marrow = closed([
        (-134.3, 48.3), (-83.3, 45.2), (-62.9, 42.8), (-45.9, 39.4), (-28.9, 36.4), (-15.3, 37.4),
        (-5.1, 38.1), (2.7, 37.1), (7.8, 34.3), (14.6, 33.3), (17.3, 34), (18.4, 37.4),
        (17.7, 42.5), (18, 47.9), (16.7, 50.7), (10.2, 50.3), (2.4, 47.9), (-8.5, 49),
        (-22.1, 49.6), (-49.3, 49.6), (-83.3, 50.7), (-134.3, 52.7),
    ])
    bone = Part(
        "radius", (closed(outline),), 16, 8, marrow=(marrow,), grain=(
            Grain(0, 0.8), Grain(90, 0.25),
        ),
    )
    head = line("radius head", [
        (17.3, 34.7), (18, 37.4), (17, 42.5), (17.3, 47.6), (16.3, 50.3),
    ], 0.7, 9, 0.4)
    bone = varied(bone, vary, 0.4)
    plate = [(11.2, 13.6), (11.6, 37.4), (11.9, 71.4)]
    return (*grown(bone, vary.child, proximal=plate), *(() if vary.child else (head,)))
