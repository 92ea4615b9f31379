"""One hip, a right one: AP, and lateral in the frog-leg position, the thigh turned outwards."""

from collections.abc import Iterable
from dataclasses import replace

from generation.backends.phantom import organs
from generation.backends.phantom.bony_pelvis import (
    CHILD,
    HEAD,
    HEAD_RADIUS,
    cartilage,
    femur,
    hip_bone,
    sacrum,
)
from generation.backends.phantom.parts import Grain, Material, Part, Points, Technique, View
from generation.backends.phantom.shapes import closed, ellipse, moved, rotated, shaft, tube
from generation.backends.phantom.spine.column import PELVIS, shifted
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

TECHNIQUE = Technique(
    field=(190, 226), beam=0.95, scatter=0.28, slope=4.4, gamma=1.6, window=(0.6, 99.8),
    detail=(0.35, 0.5, 0.35), texture=0.75,
)
MIDDLE = (-98.0, 74.0)  # of the views, in the frame of the pelvis


def ap(vary: Variation) -> View:
    return _view((*_flesh(vary), *_pelvis(vary), *femur(-1, vary)), vary.child)


def lateral(vary: Variation) -> View:
    """The pelvis as in AP, so that the femur alone is seen from the side."""
    return _view((*_turned_out(vary), *_pelvis(vary), *_abducted(vary)), vary.child)


def _view(parts: Iterable[Part], child: bool) -> View:
    """The side is the film's, so that no name has one."""
    x, y = MIDDLE
    nameless = (replace(part, name=part.name.replace(" right", "")) for part in parts)
    margins = (0.03, 0.03, 0.03, 0.03)
    return View(shifted(nameless, -y, -x), TECHNIQUE, margins, CHILD if child else 1.0)


def _flesh(vary: Variation) -> tuple[Part, ...]:
    return shifted((*organs.trunk(vary), *organs.viscera(vary)), -PELVIS)


def _pelvis(vary: Variation) -> tuple[Part, ...]:
    """The hip bone with its neighbours as far as the film shows them."""
    beyond = (part for part in hip_bone(1, vary) if part.name.startswith("hip bone"))
    opposite = (
        replace(part, name=part.name.replace("hip bone left", "opposite hip bone"))
        for part in beyond
    )
    return (*sacrum(vary), *opposite, *hip_bone(-1, vary))


def _turned_out(vary: Variation) -> tuple[Part, ...]:
    """Flesh of the pelvis and of a thigh that lies to the left."""
    fat = 1 + vary.normal("trunk.fat", 0.045)
    outline = [
        (90, -240), (-140, -240), (-160, -120), (-178, -60), (-196, -24), (-240, 0), (-340, 40),
        (-400, 260),
        (-250, 250), (-160, 210), (-90, 180), (-40, 160), (-6, 150), (60, 170), (110, 0),
    ]
    muscle = closed([
        (-20, 96), (-60, 60), (-110, 0), (-170, 10), (-330, 80), (-340, 230), (-240, 200),
        (-140, 160), (-60, 140),
    ])
    return (
        Part("skin", (closed([(x * fat, y) for x, y in outline]),), 190, 120, Material.BODY),
        Part("thigh muscles", (muscle,), 60, 50, Material.SOFT),
    )


def _abducted(vary: Variation) -> tuple[Part, ...]:
    """Drawn about the head with neck and shaft in one line to the left, then turned downwards."""
    angle = -vary.uniform("hip.abduction", 26, 38)
    outline = closed([
        (-16, -17), (-24, -15), (-34, -14.5), (-44, -17), (-54, -21), (-64, -22), (-74, -19),
        (-90, -16.5), (-130, -15.5), (-240, -15), (-240, 15), (-130, 15), (-96, 16), (-84, 18),
        (-76, 25),
        (-68, 29), (-60, 26), (-52, 20), (-42, 16), (-32, 15.5), (-24, 17), (-15, 19),
        (0, 12), (0, -12),
    ])
    marrow = shaft(rotated(outline, -90), [20, 60, 90, 130], [0.9, 1.2, 4.6, 6.2])
    ball = ellipse(0, 0, HEAD_RADIUS, HEAD_RADIUS)
    core = ellipse(0, 0, HEAD_RADIUS - 0.9, HEAD_RADIUS - 0.9)
    trochanter = closed([
        (-40, -8), (-46, -16), (-58, -21), (-70, -18), (-78, -8), (-76, 6), (-64, 12), (-50, 9),
        (-42, 2),
    ])
    crest = tube([(-50, -17), (-56, 0), (-60, 18)], [0.5, 0.8, 0.5])
    lesser = closed([(-58, 14), (-64, 26), (-70, 29), (-78, 23), (-82, 14), (-70, 10)])
    grain = (Grain(0, 0.5), Grain(-angle, 0.6), Grain(90, 0.25))
    parts: tuple[Part, ...] = (
        Part("femur", (outline, ball), 29, 14, marrow=(rotated(marrow, 90), core), grain=grain),
        Part("femur greater trochanter", (trochanter,), 15, 8, cortex=0.9, density=0.85),
        Part("femur lesser trochanter", (lesser,), 8, 5, cortex=0.9, density=0.7),
        Part("femur intertrochanteric crest", (crest,), 6, 1.2, cortex=0.9, density=0.5),
    )

    if vary.child:
        plate = tube([(-21.5, -12.5), (-25, -5), (-25, 6), (-21.5, 14)], [0.8, 1.4, 1.4, 0.8])
        top = tube([(-48, -17), (-57, -9), (-68, -7), (-75, -14)], [0.8, 1.4, 1.4, 0.8])
        parts = (
            *parts,
            cartilage("femur capital growth plate", (plate,), 9),
            cartilage("femur trochanteric growth plates", (top,), 8),
        )

    def place(p: Points) -> Points:
        return moved(rotated(p, angle), -HEAD[0], HEAD[1])

    return tuple(part.placed(place) for part in parts)
