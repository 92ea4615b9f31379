"""The hand, PA, a right one: hung with the thumb to the reader's left.

Twenty-seven bones: eight carpals, five metacarpals, fourteen phalanges; with radius and ulna.
"""

from dataclasses import replace

from generation.backends.phantom import carpus, digits
from generation.backends.phantom.digits import BONES, Ray
from generation.backends.phantom.limb import view
from generation.backends.phantom.parts import Material, Part, Technique, View
from generation.backends.phantom.shapes import closed, ellipse
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

TECHNIQUE = Technique(
    field=(236, 308), beam=0.55, scatter=0.12, slope=4.0, gamma=1.25, window=(0.2, 99.7),
    detail=(0.35, 0.4, 0.6), texture=0.75,
)
RAYS = (
    Ray("1", (-24.6, 46.4), 40, (46, 33, 24), 5.1, -7),
    Ray("2", (-11.5, 43.2), 12, (67, 42, 25, 18.5), 4.4, 0.5),
    Ray("3", (-0.3, 43.4), 2, (64, 46, 30, 19.5), 4.5, 0.0),
    Ray("4", (8.6, 44.2), -8.5, (57, 43, 28, 19.5), 3.8, -0.8),
    Ray("5", (16.4, 46.3), -19.5, (53, 34, 20, 17.5), 3.7, -0.8),
)
SKIN = [
    (-32, 240), (-31, 180), (-31, 128), (-34, 96), (-38, 72), (-47, 44), (-55, 26), (-52, 16),
    (-42, 20), (-33, 16), (-31, -2), (-27, -20), (-10, -26), (6, -22), (20, -16), (36, -6),
    (40, 12),
    (37, 32), (32, 56), (30, 82), (31, 110), (32, 180), (32, 240),
]
PALM = [
    (-29, 240), (-28, 110), (-29, 74), (-43, 38), (-43, 22), (-28, 24), (-22, -2), (0, -10),
    (22, -2), (33, 14), (31, 40), (28, 70), (28, 110), (29, 240),
]


def pa(vary: Variation) -> View:
    return view(parts(vary), TECHNIQUE, (0.03, 0.02, 0.03, 0.04), vary)


def parts(vary: Variation) -> tuple[Part, ...]:
    rays = posed_rays(vary)
    return (
        skin(vary, rays),
        Part("palm", (closed(PALM),), 26, 17, Material.SOFT),
        *(part for ray in rays for part in finger(ray)),
        *carpus.bones(vary),
        *_sesamoids(vary),
    )


def posed_rays(vary: Variation) -> tuple[Ray, ...]:
    """The five rays as this person spreads them."""
    spread = vary.normal("hand.spread", 0.10)
    size = 1 + vary.normal("hand.length", 0.025)

    def posed(ray: Ray) -> Ray:
        angle = ray.angle * (1 + spread) + vary.normal(f"hand.{ray.name}", 1.2)
        lengths = tuple(
            length * size * (1 + vary.normal(f"hand.{ray.name}.{k}", 0.02))
            for k, length in enumerate(ray.lengths)
        )
        curl = ray.curl + vary.normal(f"hand.{ray.name}.curl", 0.8)
        return replace(ray, angle=angle, lengths=lengths, curl=curl, child=vary.child)

    return tuple(posed(ray) for ray in RAYS)


def finger(ray: Ray) -> tuple[Part, ...]:
    """Metacarpal and phalanges of a ray; the thumb has no middle phalanx."""
    return digits.bones(ray, BONES if len(ray.lengths) == 4 else (*BONES[:2], BONES[3]))


def skin(vary: Variation, rays: tuple[Ray, ...]) -> Part:
    """The flesh of fingers, palm and wrist as one."""
    full = 1 + vary.normal("hand.flesh", 0.03)
    fingers = (
        digits.flesh(
            ray, (2.5, 2.35, 2.1, 1.85, 1.35) if len(ray.lengths) == 4 else (2.5, 2.35, 1.95, 1.4),
        )
        for ray in rays
    )
    return Part("skin", (closed(SKIN) * (full, 1.0), *fingers), 17, 9, Material.BODY)


def _sesamoids(vary: Variation) -> tuple[Part, ...]:
    """The two that an adult has before the head of the first metacarpal."""
    if vary.child:
        return ()
    thumb = posed_rays(vary)[0]
    head = digits.joints(thumb)[1]
    return tuple(
        Part(
            f"sesamoid {name}", (ellipse(head[0] + dx, head[1] + dy, 2.2, 2.8, 40),), 5, 2,
            cortex=0.5,
        )
        for name, dx, dy in (("lateral", -2.6, 4.8), ("medial", 4.6, 1.4))
    )
