"""The wrist's bones from behind: eight carpals about the capitate's centre, radius and ulna.

A right one, the thumb to the reader's left. The pisiform lies on the triquetrum.
"""

from generation.backends.phantom.growth import grown
from generation.backends.phantom.limb import line, long_bone, short_bone, varied
from generation.backends.phantom.parts import Part
from generation.backends.phantom.shapes import closed, ellipse, inset, moved
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

CARPALS: dict[str, list[tuple[float, float]]] = {
    "scaphoid": [
        (-21.6, 4.4), (-20.4, 1.4), (-16.5, 0), (-12.2, 0.2), (-9.2, 2.4), (-8, 6.4), (-6.8, 10.4),
        (-6.2, 15.6), (-7.8, 19), (-11.2, 19.6), (-15.2, 17.2), (-18, 12.6), (-18.8, 9), (-20.6, 7),
    ],
    "lunate": [
        (-5.4, 12.6), (-3.4, 11.6), (0, 12.2), (3.4, 11.8), (6.4, 10), (8.2, 11.2), (9.2, 14.4),
        (8.4, 18.8), (5, 22), (0.4, 23.2), (-3.6, 22), (-5.4, 18.8), (-5.6, 15.4),
    ],
    "triquetrum": [
        (9, 9.8), (11.4, 6), (15.6, 2.6), (19.4, 3.4), (20.6, 7.4), (19.6, 12), (16.4, 15.8),
        (12.6, 16.8), (10.4, 14.6),
    ],
    "pisiform": [
        (12.6, 8.6), (16, 6.6), (20, 8.2), (21.2, 12.2), (19.2, 16.2), (15, 16.4), (12.4, 13),
    ],
    "trapezium": [
        (-29, -3.4), (-27.8, -8.4), (-24.4, -12.6), (-20, -14), (-15.6, -12.6), (-13.4, -8.4),
        (-13.2, -3.8), (-14.6, -0.8), (-18.4, -0.6), (-22, 0.6), (-26, 1),
    ],
    "trapezoid": [
        (-15.2, -8.4), (-14.6, -13.4), (-11.8, -16.4), (-8.6, -16), (-6.4, -12.6), (-6.8, -7.4),
        (-7, -3), (-8.4, 0.4), (-12.2, -0.4), (-14.6, -3.6),
    ],
    "capitate": [
        (-6.4, -13.4), (-3.4, -15.4), (1.4, -15.6), (5.6, -14.4), (6, -9), (5.6, -3), (6.2, 2),
        (5.4, 7), (2, 10.4), (-2.4, 10.4), (-5.8, 7), (-7, 2), (-6, -3), (-6.2, -8),
    ],
    "hamate": [
        (6.4, -13.6), (10.4, -15.6), (15, -14.6), (19, -11.4), (19.6, -7), (16.6, -1.4), (12.6, 3),
        (9.4, 7.8), (7, 9), (6.4, 4), (7, -2), (6.2, -8),
    ],
}
CARPUS = (-0.5, 60.0)  # of the capitate's centre, in the hand
LATE = {"pisiform": 0.6, "trapezoid": 0.78, "scaphoid": 0.78, "trapezium": 0.76}


def bones(vary: Variation) -> tuple[Part, ...]:
    """Carpals, radius and ulna as they lie in the hand."""
    return (*carpals(vary), *forearm(vary))


def carpals(vary: Variation) -> tuple[Part, ...]:
    names = [name for name in CARPALS if not (vary.child and name == "pisiform")]  # it comes last
    whole = tuple(part for name in names for part in _carpal(name, vary))
    if vary.child:
        return whole
    hook = moved(ellipse(0, 0, 2.4, 3.4, 15), CARPUS[0] + 13, CARPUS[1] - 6)
    return (*whole, Part("hook of hamate", (hook,), 6, 2.4, cortex=0.8))


def _carpal(name: str, vary: Variation) -> tuple[Part, Part]:
    outline = inset(moved(closed(CARPALS[name]), *CARPUS), -0.6)  # joints as narrow as on a film
    depth = 8 if name == "pisiform" else 13
    return short_bone(name, outline, depth, vary, edge=5.5, child=LATE.get(name, 0.84))


def forearm(vary: Variation) -> tuple[Part, ...]:
    slope, plus = vary.normal("hand.radius", 0.7), vary.normal("hand.ulna", 0.9)
    radius = long_bone(
        "radius",
        [
            (-21.5, 230), (-21, 182), (-20.6, 140), (-21.4, 124), (-23, 112), (-26, 101),
            (-29, 93), (-31, 85), (-31.4, 78), (-29.6, 74 + slope), (-27, 74.6 + slope),
            (-23.6, 77.4), (-19.4, 80), (-13, 82), (-7.6, 82.4), (-2, 83.8), (3.6, 85.4),
            (5.4, 87.6), (4.6, 92), (1.6, 98), (-2, 108), (-4.8, 120), (-6.4, 138),
            (-7.4, 182), (-8, 230),
        ],
        19, 8,
        ((72, 0.6), (90, 0.7), (104, 1.1), (122, 2.2), (140, 3.2), (180, 3.6)),
    )
    ulna = long_bone(
        "ulna",
        [
            (7.8, 230), (8.2, 182), (9.4, 140), (9.8, 116), (8.8, 102), (7.4, 93 + plus),
            (7.2, 87.4 + plus), (9.2, 85.4 + plus), (12.8, 86 + plus), (16.2, 86 + plus),
            (17.6, 82.4 + plus), (19.4, 81 + plus), (21.2, 82.4 + plus), (21.6, 88 + plus),
            (20.4, 96), (19.2, 106), (19.2, 122), (20, 140), (19.4, 182), (18.8, 230),
        ],
        13, 5.5,
        ((80, 0.5), (95, 0.7), (108, 1.3), (125, 2.4), (150, 3.0)),
    )
    lines = (
        line("radius articular surface", [
            (-27.6, 76.6 + slope), (-24, 79), (-19.4, 81.6), (-13, 83.4), (-7.6, 83.8), (-2, 85.2),
            (3.4, 87),
        ], 0.9, 8, 0.4),
        line("radius ulnar notch", [(4.8, 88), (2.4, 92.4), (3, 98)], 0.5, 8, 0.5),
    )
    return (
        *grown(
            varied(radius, vary, 0.6), vary.child, distal=[
                (-42, 88.4), (-28, 88.4), (-12, 89.6), (6, 92), (14, 92),
            ],
        ),
        *grown(varied(ulna, vary, 0.6), vary.child, distal=[(0, 93.6), (14, 94), (32, 93.6)]),
        *(() if vary.child else lines),
    )
