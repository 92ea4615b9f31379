"""The wrist's bones from the side, the palm to the reader's left: carpals, radius and ulna.

The middle is that of the radius's articular surface.
"""

from generation.backends.phantom.growth import grown
from generation.backends.phantom.limb import line, long_bone, short_bone, varied
from generation.backends.phantom.parts import Part
from generation.backends.phantom.shapes import closed
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

CARPALS = {
    "lunate": ([
        (-11, -4.6), (-7.6, 0.8), (-1.9, 1.9), (3.8, 0), (6.8, -6.1), (6.1, -11.8), (3.4, -13.3),
        (1.1, -9.5), (-2.7, -8), (-6.5, -9.9), (-9.5, -11.8),
    ], 10),
    "capitate": ([
        (-6.8, -12.2), (-3, -9.1), (0.8, -10.3), (3.8, -15.2), (6.8, -22.8), (8.4, -31.2),
        (0.8, -32.7), (-3, -30), (-4.9, -22.8), (-7.2, -17.1),
    ], 9),
    "scaphoid": ([
        (-3, -0.4), (1.9, -3.4), (1.5, -9.5), (-4.6, -16.3), (-9.1, -22.8), (-14.4, -26.2),
        (-18.4, -22.4), (-17.5, -15.2), (-12.5, -7.2), (-8, -1.9),
    ], 9),
    "triquetrum": ([
        (-1.1, -8), (5.7, -6.5), (11, -11.4), (11.8, -18.2), (6.5, -21.7), (0.4, -17.9),
    ], 8),
    "pisiform": ([
        (-16, -15.2), (-12.9, -20.5), (-7.2, -20.9), (-4.6, -15.6), (-6.8, -9.1), (-12.9, -8.7),
    ], 7),
    "hamate": ([
        (-3.8, -16), (1.9, -16.3), (8.7, -20.5), (10.3, -30.4), (1.9, -32.7), (-3, -31.2),
        (-9.5, -29.3), (-11.4, -25.5), (-8.7, -22), (-4.6, -22.8),
    ], 8),
    "trapezium": ([
        (-19, -37.6), (-11.4, -39.1), (-4.6, -36.5), (-3.8, -29.6), (-8.7, -25.1), (-16, -26.2),
        (-20.1, -31.5),
    ], 9),
    "trapezoid": ([
        (-8.7, -36.9), (0, -39.5), (3, -32.3), (-1.9, -26.2), (-7.6, -27.7),
    ], 8),
}


def bones(vary: Variation) -> tuple[Part, ...]:
    """Carpals, radius and ulna; a child has no pisiform yet."""
    carpals = (
        part
        for name, (outline, depth) in CARPALS.items()
        if not (vary.child and name == "pisiform")
        for part in short_bone(name, closed(outline), depth, vary, edge=4.6, child=0.84)
    )
    return (*_forearm(vary), *carpals)


def _forearm(vary: Variation) -> tuple[Part, ...]:
    tilt = vary.normal("wrist.tilt", 0.8)
    radius = long_bone(
        "radius",
        [
            *[
                (-0.8, 159.6), (-1.1, 102.6), (-1.5, 64.6), (-2.3, 41.8), (-4.9, 26.6),
                (-9.9, 14.4), (-12.2, 7.2), (-11, 3),
            ],
            *((x, y + tilt) for x, y in [(-8, 2.7)]),
            *[
                (-3.8, 4.2), (1.9, 3.4), (6.8, 0.8), (9.9, -2.3), (12.2, 0), (14.1, 7.6),
                (13.3, 17.1), (11, 30.4), (10.3, 45.6), (11, 68.4), (11.8, 102.6), (12.2, 159.6),
            ],
        ],
        21, 9,
        ((0, 0.6), (14, 0.7), (26, 1.2), (42, 2.4), (60, 3.0), (140, 3.2)),
    )
    ulna = long_bone(
        "ulna",
        [
            (3, 159.6), (2.3, 102.6), (1.5, 64.6), (1.7, 38), (2.5, 19), (2.5, 7.6), (3.6, 1.1),
            (6.1, -2.3), (9.1, -3.4), (11.4, 0), (12.5, 7.6), (12.5, 22.8), (13.3, 41.8),
            (14.4, 64.6), (15.2, 102.6), (15.6, 159.6),
        ],
        12, 5.5,
        ((-2, 0.5), (14, 0.7), (30, 1.6), (60, 2.6)),
    )
    surface = line(
        "radius articular surface", [(-9.5, 4.6), (-3.8, 5.7), (1.9, 4.9), (6.8, 2.3), (9.5, 0)],
        0.8, 10, 0.5,
    )
    return (
        *grown(varied(ulna, vary, 0.8), vary.child, distal=[(-5.7, 9.5), (7.6, 10.3), (20.9, 9.5)]),
        *grown(
            varied(radius, vary, 0.6), vary.child, distal=[
                (-22.8, 11.8), (-5.7, 12.5), (5.7, 11), (24.7, 10.3),
            ],
        ),
        *(() if vary.child else (surface,)),
    )
