"""The hand, PA, a right one: hung with the thumb to the reader's left.

Twenty-seven bones: eight carpals, five metacarpals, fourteen phalanges; with radius and ulna.
"""

from dataclasses import dataclass

import numpy as np

from generation.backends.phantom.parts import Grain, Material, Part, Points, Technique, View
from generation.backends.phantom.shapes import closed, ellipse, moved, rotated, shaft, tube
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

TECHNIQUE = Technique(
    field=(236, 308),
    beam=0.55,
    scatter=0.12,
    slope=4.0,
    window=(0.2, 99.7),
    detail=(0.35, 0.4, 0.6),
)
# Outlines of the carpals about the capitate's centre; the pisiform lies on the triquetrum.
CARPALS: dict[str, list[tuple[float, float]]] = {
    "scaphoid": [
        (-20.8, 5.2), (-17, 3.8), (-12.5, 1.8), (-8.2, 2.2), (-7, 7), (-7.6, 12), (-9.5, 15.5), (-14, 15),
        (-18.5, 12), (-21, 8.5),
    ],
    "lunate": [
        (-6, 10.6), (-2, 11.2), (2.5, 11), (5.6, 9.7), (7, 13), (5.5, 18), (0, 19.8),
        (-5.5, 18.3), (-8, 15),
    ],
    "triquetrum": [
        (8.2, 9.5), (11, 5.5), (15.5, 2.5), (19, 5), (18.5, 10), (14, 14), (9, 15), (8, 12.5),
    ],
    "pisiform": [(10.5, 9.5), (15, 7), (19.5, 9.5), (20, 14), (16, 17.5), (11, 16)],
    "trapezium": [
        (-28, -5), (-26, -11.5), (-21, -13.8), (-16, -12.5), (-14.8, -7), (-15, -1), (-18, 2.6),
        (-24.5, 2.4),
    ],
    "trapezoid": [
        (-14, -9), (-13, -14.5), (-10, -16), (-7, -15.5), (-6.6, -9), (-7, -3), (-8.5, 0.6),
        (-12.5, 0), (-14, -4),
    ],
    "capitate": [
        (-5.8, -14), (0, -15), (5.4, -14), (5.2, -6), (5.7, 0), (5, 6), (1.5, 9.6), (-3, 9),
        (-6, 4.5), (-5.8, -1), (-5.5, -7),
    ],
    "hamate": [
        (6.6, -14), (11, -14.5), (17, -12), (18, -7), (14.5, -1), (10, 3.6), (7, 8), (6.6, 2),
    ],
}


@dataclass(frozen=True, slots=True)
class Ray:
    """A finger: where its metacarpal begins, its direction (degrees left of up), bone lengths."""

    name: str
    base: tuple[float, float]
    angle: float
    lengths: tuple[float, ...]  # metacarpal, then the phalanges
    width: float  # half width of the metacarpal's shaft
    curl: float  # degrees that each phalanx turns on


RAYS = (
    Ray("thumb", (-24.5, 46.5), 40, (46, 33, 25), 5.0, -7),
    Ray("index", (-11.5, 43.2), 13, (67, 42, 25, 19), 4.3, 0.5),
    Ray("middle", (-0.3, 43.4), 2.5, (64, 47, 30, 20), 4.4, 0.0),
    Ray("ring", (8.6, 44.2), -8, (57, 43, 28, 20), 3.7, -0.8),
    Ray("little", (15.6, 46.3), -19, (53, 34, 20, 18), 3.6, -0.8),
)
CARPUS = (-0.5, 60.0)  # of the capitate's centre
SKIN = [
    (-31, 180), (-30, 128), (-30, 92), (-34, 72), (-46, 44), (-55, 26), (-52, 16), (-42, 20),
    (-33, 16), (-31, -2), (-27, -20), (-10, -26), (6, -22), (20, -16), (36, -6), (40, 12),
    (37, 32), (32, 56), (30, 82), (31, 110), (32, 180),
]
PALM = [
    (-27, 200), (-26, 110), (-26, 74), (-42, 38), (-42, 24), (-28, 24), (-22, -2), (0, -10),
    (22, -2), (33, 14), (31, 40), (26, 70), (26, 110), (27, 200),
]


def pa(vary: Variation) -> View:
    rays = posed_rays(vary)
    parts = (
        skin(vary, rays),
        Part("palm", (closed(PALM),), 14, 15, Material.SOFT),
        *(part for ray in rays for part in finger(ray)),
        *carpals(vary),
        *_forearm(vary),
    )
    return View(parts, TECHNIQUE, (0.03, 0.02, 0.03, 0.04))


def posed_rays(vary: Variation) -> tuple[Ray, ...]:
    """The five rays as this person spreads them."""
    spread = vary.normal("hand.spread", 0.10)
    size = 1 + vary.normal("hand.length", 0.025)

    def posed(ray: Ray) -> Ray:
        angle = ray.angle * (1 + spread) + vary.normal(f"hand.{ray.name}", 1.6)
        lengths = tuple(
            length * size * (1 + vary.normal(f"hand.{ray.name}.{k}", 0.02))
            for k, length in enumerate(ray.lengths)
        )
        curl = ray.curl + vary.normal(f"hand.{ray.name}.curl", 0.8)
        return Ray(ray.name, ray.base, angle, lengths, ray.width, curl)

    return tuple(posed(ray) for ray in RAYS)


BONES = ("metacarpal", "proximal phalanx", "middle phalanx", "distal phalanx")
SLENDER = dict(zip(BONES, (1.0, 0.95, 0.82, 0.62), strict=True))


def finger(ray: Ray) -> tuple[Part, ...]:
    """Metacarpal and phalanges of a ray; the thumb has no middle phalanx."""
    names = BONES if len(ray.lengths) == 4 else (*BONES[:2], BONES[3])
    joints = _joints(ray)
    return tuple(
        _bone(ray, name, length, joints[k], ray.angle + k * ray.curl)
        for k, (name, length) in enumerate(zip(names, ray.lengths, strict=True))
    )


def _bone(ray: Ray, name: str, length: float, at: Points, angle: float) -> Part:
    half = ray.width * SLENDER[name]
    shapes = {"metacarpal": _metacarpal, "distal phalanx": _distal}
    upright = shapes.get(name, _phalanx)(length, half)
    outline, marrow = (moved(rotated(p, -angle), *at) for p in upright)
    grain = (Grain(90 - angle, 0.8), Grain(-angle, 0.25))
    whole = f"{ray.name} {name}"
    return Part(whole, (outline,), 2 * half, half * 1.02, marrow=(marrow,), grain=grain)


def _joints(ray: Ray) -> list[Points]:
    """Where each bone of the ray begins, and at last the tip."""
    joints = [np.array(ray.base, float)]
    for k, length in enumerate(ray.lengths):
        a = np.deg2rad(ray.angle + k * ray.curl)
        joints.append(joints[-1] + (length + 1.7) * np.array([-np.sin(a), -np.cos(a)]))
    return joints


def skin(vary: Variation, rays: tuple[Ray, ...]) -> Part:
    """The flesh of fingers, palm and wrist as one."""
    full = 1 + vary.normal("hand.flesh", 0.03)
    outlines = (closed(SKIN) * (full, 1.0), *(_finger_flesh(ray) for ray in rays))
    return Part("skin", outlines, 15, 8, Material.BODY)


def _finger_flesh(ray: Ray) -> Points:
    joints = _joints(ray)
    tip = joints[-1] + 0.10 * (joints[-1] - joints[-2])
    path = np.array([joints[0] * 0.35 + joints[1] * 0.65, *joints[1:-1], tip])
    factors = (2.5, 2.35, 2.1, 1.85, 1.35) if len(path) == 5 else (2.5, 2.35, 1.95, 1.4)
    return tube(path, [ray.width * factor for factor in factors])


def _metacarpal(length: float, half: float) -> tuple[Points, Points]:
    """Upright, its base at 0, 0 and its head at -length; a waist and a round head."""
    s = length
    outline = closed(
        [
            (-half * 1.42, -1), (-half * 0.4, 1.4), (half * 0.6, 1.2), (half * 1.42, -1.5),
            (half * 1.34, -0.13 * s), (half * 1.02, -0.28 * s), (half * 0.9, -0.5 * s),
            (half * 1.08, -0.74 * s), (half * 1.55, -0.87 * s), (half * 1.45, -0.95 * s),
            (half * 0.75, -1.0 * s), (-half * 0.75, -1.0 * s), (-half * 1.45, -0.95 * s),
            (-half * 1.55, -0.87 * s), (-half * 1.08, -0.74 * s), (-half * 0.9, -0.5 * s),
            (-half * 1.02, -0.28 * s), (-half * 1.36, -0.12 * s),
        ]
    )
    thick = half * 0.42
    levels = [-s, -0.85 * s, -0.72 * s, -0.5 * s, -0.28 * s, -0.12 * s, 0]
    return outline, shaft(outline, levels, [0.6, 0.6, 1.1, thick, thick, 0.7, 0.6])


def _phalanx(length: float, half: float) -> tuple[Points, Points]:
    """Upright: a broad concave base, a waist, a head of two condyles."""
    s = length
    outline = closed(
        [
            (-half * 1.55, -1.2), (-half * 1.2, 0.2), (0, -0.7), (half * 1.2, 0.2),
            (half * 1.55, -1.2), (half * 1.4, -0.12 * s), (half * 1.0, -0.3 * s),
            (half * 0.85, -0.6 * s), (half * 1.0, -0.82 * s), (half * 1.18, -0.92 * s),
            (half * 0.8, -1.0 * s), (0, -0.97 * s), (-half * 0.8, -1.0 * s),
            (-half * 1.18, -0.92 * s), (-half * 1.0, -0.82 * s), (-half * 0.85, -0.6 * s),
            (-half * 1.0, -0.3 * s), (-half * 1.4, -0.12 * s),
        ]
    )
    thick = half * 0.45
    levels = [-s, -0.88 * s, -0.72 * s, -0.5 * s, -0.3 * s, -0.12 * s, 0]
    return outline, shaft(outline, levels, [0.55, 0.55, thick, thick, thick, 0.8, 0.55])


def _distal(length: float, half: float) -> tuple[Points, Points]:
    """Upright: a broad base, a slim waist and the tuft."""
    s = length
    outline = closed(
        [
            (-half * 1.75, -1.2), (-half * 1.2, 0.2), (0, -0.6), (half * 1.2, 0.2),
            (half * 1.75, -1.2), (half * 1.35, -0.18 * s), (half * 0.75, -0.42 * s),
            (half * 0.65, -0.68 * s), (half * 1.1, -0.85 * s), (half * 1.0, -0.95 * s),
            (half * 0.4, -1.0 * s), (-half * 0.4, -1.0 * s), (-half * 1.0, -0.95 * s),
            (-half * 1.1, -0.85 * s), (-half * 0.65, -0.68 * s), (-half * 0.75, -0.42 * s),
            (-half * 1.35, -0.18 * s),
        ]
    )
    return outline, shaft(outline, [-s, -0.5 * s, -0.2 * s, 0], [0.5, half * 0.4, 0.8, 0.5])


def carpals(vary: Variation) -> tuple[Part, ...]:
    def carpal(name: str) -> Part:
        outline = moved(closed(CARPALS[name]), *CARPUS)
        x, y = outline.mean(0)
        turned = rotated(outline, vary.normal(f"hand.{name}.turn", 2.0), (x, y))
        dx, dy = (vary.normal(f"hand.{name}.{axis}", 0.2) for axis in "xy")
        depth = 8 if name == "pisiform" else 12
        return Part(name, (moved(turned, dx, dy),), depth, 4.5, cortex=0.65, density=0.95)

    hook = moved(ellipse(0, 0, 2.6, 3.6, 15), CARPUS[0] + 13, CARPUS[1] - 5)
    whole = tuple(carpal(name) for name in CARPALS)
    return (*whole, Part("hook of hamate", (hook,), 6, 2.5, cortex=0.8))


def _forearm(vary: Variation) -> tuple[Part, ...]:
    slope = vary.normal("hand.radius", 0.8)
    radius = closed(
        [

            (-24, 182.2), (-23, 132.2), (-24, 107.2), (-27, 94.2), (-29, 84.2), (-28.5, 75.2 + slope),
            (-24, 73.2), (-18, 77.2), (-9, 80.7), (-0.5, 82.2), (4, 84.7), (5, 90.2), (1, 100.2), (-5, 114.2),
            (-8.5, 132.2), (-9.5, 182.2),
        ]
    )
    ulna = closed(
        [
            (10, 182.2), (10.5, 132.2), (9, 107.2), (7, 94.2), (7, 87.2), (11, 85.2), (15.5, 86.7),
            (18, 81.7), (20.5, 82.2), (21, 90.2), (19, 104.2), (20, 132.2), (20, 182.2),
        ]
    )
    upright = (Grain(90, 0.8), Grain(0, 0.25))
    thin, thick = [72, 84, 105, 130], [0.7, 0.7, 1.8, 2.8]
    return (
        Part("radius", (radius,), 17, 7, marrow=(shaft(radius, thin, thick),), grain=upright),
        Part("ulna", (ulna,), 12, 5, marrow=(shaft(ulna, thin, thick),), grain=upright),
    )
