"""The hand and the wrist from the side: palm and thumb to the reader's left, fingers fanned out.

The metacarpals of the fingers lie over each other; the fanned phalanges can be counted.
"""

from generation.backends.phantom import carpus_lateral, digits
from generation.backends.phantom.digits import BONES, Ray
from generation.backends.phantom.limb import centred, flesh, view
from generation.backends.phantom.parts import Material, Part, Technique, View
from generation.backends.phantom.shapes import closed
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

HAND = Technique(
    field=(206, 316), beam=0.56, scatter=0.12, slope=4.0, gamma=1.5, window=(0.2, 99.8),
    detail=(0.35, 0.4, 0.6), texture=0.75,
)
WRIST = Technique(
    field=(100, 158), beam=0.54, scatter=0.12, slope=4.0, gamma=1.5, window=(0.4, 99.8),
    texture=0.75,
)
METACARPALS = (
    Ray("2", (-1.5, -39.5), 2.5, (66,), 4.2, 0),
    Ray("3", (2.4, -38.5), 0.5, (64,), 4.4, 0),
    Ray("4", (4.6, -35.5), -0.5, (57,), 3.8, 0),
    Ray("5", (6.0, -32.5), -2.0, (53,), 3.7, 0),
)
FAN = ((30.0, 11.0), (17.0, 8.0), (3.0, 6.0), (-12.0, 4.0))  # angle of each finger and its curl
PHALANGES = ((42, 25, 18.5), (46, 30, 19.5), (43, 28, 19.5), (34, 20, 17.5))
THUMB = Ray("1", (-12.5, -40.5), 31, (46, 33, 24), 4.8, -6)
SKIN = [
    (-27, 190), (-26, 120), (-25, 50), (-25, 14), (-28, -8), (-32, -28), (-44, -62), (-34, -82),
    (-22, -94), (-19, -112), (-16, -126), (-4, -132), (10, -126), (19, -108), (19, -70), (20, -30),
    (23, 4), (24, 40),
    (26, 120), (28, 190),
]
TENDONS = [
    (-18, 180), (-17, 40), (-17, -10), (-24, -40), (-10, -92), (2, -96), (-2, -30), (0, 40),
    (4, 180),
]


def lateral(vary: Variation) -> View:
    parts = centred(hand_and_wrist(vary), -18, -66)
    return view(parts, HAND, (0.03, 0.02, 0.03, 0.03), vary)


def wrist(vary: Variation) -> View:
    parts = centred(hand_and_wrist(vary), -1, 6)
    return view(parts, WRIST, (0.02, 0.02, 0.02, 0.02), vary)


def hand_and_wrist(vary: Variation) -> tuple[Part, ...]:
    fan = 1 + vary.normal("hand.fan", 0.1)
    thumb = _posed(THUMB, vary, 1.0)
    palm = tuple(_posed(ray, vary, 1.0) for ray in METACARPALS)
    fingers = tuple(
        _posed(Ray(ray.name, _head(ray), angle, lengths, 0.9 * ray.width, curl), vary, fan)
        for ray, (angle, curl), lengths in zip(palm, FAN, PHALANGES, strict=True)
    )
    outlines = (
        closed(SKIN),
        digits.flesh(thumb, (2.6, 2.35, 1.95, 1.4)),
        *(digits.flesh(ray, (2.5, 2.2, 1.95, 1.4)) for ray in fingers),
    )
    return (
        Part("skin", outlines, 44, 16, Material.BODY),
        flesh("muscle", (TENDONS,), 26, 9),
        *carpus_lateral.bones(vary),
        *(part for ray in palm for part in digits.bones(ray, BONES[:1])),
        *digits.bones(thumb, (*BONES[:2], BONES[3])),
        *(part for ray in fingers for part in digits.bones(ray, BONES[1:])),
    )


def _posed(ray: Ray, vary: Variation, spread: float) -> Ray:
    angle = ray.angle * spread + vary.normal(f"hand.{ray.name}.{len(ray.lengths)}", 1.2)
    return Ray(ray.name, ray.base, angle, ray.lengths, ray.width, ray.curl, vary.child)


def _head(ray: Ray) -> tuple[float, float]:
    x, y = digits.joints(ray)[-1]
    return (float(x), float(y))
