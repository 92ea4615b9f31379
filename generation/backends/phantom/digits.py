"""Fingers and toes from above: the bones of a ray, drawn upright and turned into its direction."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generation.backends.phantom.growth import grown
from generation.backends.phantom.limb import line
from generation.backends.phantom.parts import Grain, Part, Points
from generation.backends.phantom.shapes import closed, moved, rotated, shaft, tube

# The coordinates of an outline are read together, so they stand together.
# fmt: off

BONES = ("metacarpal", "proximal phalanx", "middle phalanx", "distal phalanx")
SLENDER = dict(zip(BONES, (1.0, 0.95, 0.82, 0.62), strict=True))
JOINT = 1.9  # mm of cartilage between two bones


@dataclass(frozen=True, slots=True)
class Ray:
    """A finger: where its first bone begins, its direction (degrees left of up), bone lengths."""

    name: str
    base: tuple[float, float]
    angle: float
    lengths: tuple[float, ...]
    width: float  # half width of the first bone's shaft
    curl: float  # degrees that each bone turns on
    child: bool = False


def bones(ray: Ray, names: Sequence[str]) -> tuple[Part, ...]:
    """The bones of a ray, named as `names` are and numbered as the ray."""
    ends = joints(ray)
    return tuple(
        part
        for k, (name, length) in enumerate(zip(names, ray.lengths, strict=True))
        for part in _bone(ray, name, length, ends[k], ray.angle + k * ray.curl)
    )


def flesh(ray: Ray, factors: Sequence[float]) -> Points:
    """The outline of a finger; `factors` of the ray's width from the first joint to the tip."""
    ends = joints(ray)
    tip = ends[-1] + 0.10 * (ends[-1] - ends[-2])
    path = np.array([ends[0] * 0.35 + ends[1] * 0.65, *ends[1:-1], tip])
    return tube(path, [ray.width * factor for factor in factors])


def _bone(ray: Ray, name: str, length: float, at: Points, angle: float) -> tuple[Part, ...]:
    half = ray.width * SLENDER[name]
    shape = {"metacarpal": _metacarpal, "distal phalanx": _distal}.get(name, _phalanx)
    outline, marrow = shape(length, half)
    whole = f"{name} {ray.name}"
    grain = (Grain(90 - angle, 0.8), Grain(-angle, 0.25))
    bone = Part(whole, (outline,), 2 * half, half * 1.02, marrow=(marrow,), grain=grain)
    parts = grown(bone, ray.child, **_plate(ray, name, length, half))
    if name != "metacarpal" and not ray.child:
        seat = [(-half * 1.3, -0.3), (-half * 0.5, -0.9), (half * 0.5, -0.9), (half * 1.3, -0.3)]
        parts += (line(f"{whole} base", seat, 0.45, half * 1.2, 0.6),)
    return tuple(part.placed(lambda p: moved(rotated(p, -angle), *at)) for part in parts)


def _plate(
    ray: Ray, name: str, length: float, half: float
) -> dict[str, list[tuple[float, float]]]:
    """Where a child's bone grows: metacarpals but the first at the head, all else at the base."""
    distal = name == "metacarpal" and ray.name != "1"
    y = -0.83 * length if distal else -0.05 * length - 2.6
    return {"distal" if distal else "proximal": [(-3 * half, y), (0, y - 0.3), (3 * half, y)]}


def joints(ray: Ray) -> list[Points]:
    """Where each bone of the ray begins, and at last the tip."""
    ends = [np.array(ray.base, float)]
    for k, length in enumerate(ray.lengths):
        a = np.deg2rad(ray.angle + k * ray.curl)
        ends.append(ends[-1] + (length + JOINT) * np.array([-np.sin(a), -np.cos(a)]))
    return ends


def _metacarpal(length: float, half: float) -> tuple[Points, Points]:
    """Upright, its base at 0, 0 and its head at -length; a waist and a round head."""
    s = length
    outline = closed(
        [
            (-half * 1.46, -1), (-half * 0.5, 1.2), (half * 0.2, 0.4), (half * 0.7, 1.2),
            (half * 1.46, -1.5), (half * 1.4, -0.1 * s), (half * 1.1, -0.22 * s),
            (half * 0.9, -0.4 * s), (half * 0.92, -0.55 * s), (half * 1.12, -0.7 * s),
            (half * 1.5, -0.82 * s), (half * 1.62, -0.88 * s), (half * 1.42, -0.94 * s),
            (half * 0.95, -0.985 * s), (0, -1.0 * s), (-half * 0.95, -0.985 * s),
            (-half * 1.42, -0.94 * s), (-half * 1.6, -0.87 * s), (-half * 1.46, -0.81 * s),
            (-half * 1.1, -0.68 * s), (-half * 0.9, -0.53 * s), (-half * 0.92, -0.38 * s),
            (-half * 1.12, -0.22 * s), (-half * 1.42, -0.1 * s),
        ]
    )
    thick = half * 0.42
    levels = [-s, -0.85 * s, -0.72 * s, -0.5 * s, -0.28 * s, -0.12 * s, 0]
    return outline, shaft(outline, levels, [0.5, 0.55, 1.1, thick, thick, 0.7, 0.6])


def _phalanx(length: float, half: float) -> tuple[Points, Points]:
    """Upright: a broad concave base, a waist, a head of two condyles."""
    s = length
    outline = closed(
        [
            (-half * 1.62, -1.6), (-half * 1.3, 0.1), (0, -0.9), (half * 1.3, 0.1),
            (half * 1.62, -1.6), (half * 1.5, -0.1 * s), (half * 1.16, -0.24 * s),
            (half * 0.98, -0.45 * s), (half * 0.94, -0.65 * s), (half * 1.02, -0.8 * s),
            (half * 1.26, -0.89 * s), (half * 1.2, -0.955 * s), (half * 0.7, -1.0 * s),
            (0, -0.965 * s), (-half * 0.7, -1.0 * s), (-half * 1.2, -0.955 * s),
            (-half * 1.26, -0.89 * s), (-half * 1.02, -0.8 * s), (-half * 0.94, -0.65 * s),
            (-half * 0.98, -0.45 * s), (-half * 1.16, -0.24 * s), (-half * 1.5, -0.1 * s),
        ]
    )
    thick = half * 0.42
    levels = [-s, -0.88 * s, -0.72 * s, -0.5 * s, -0.3 * s, -0.12 * s, 0]
    return outline, shaft(outline, levels, [0.5, 0.55, thick, thick, thick, 0.7, 0.5])


def _distal(length: float, half: float) -> tuple[Points, Points]:
    """Upright: a broad base, a slim waist and the tuft."""
    s = length
    outline = closed(
        [
            (-half * 1.85, -1.4), (-half * 1.3, 0.2), (0, -0.7), (half * 1.3, 0.2),
            (half * 1.85, -1.4), (half * 1.6, -0.12 * s), (half * 1.0, -0.3 * s),
            (half * 0.84, -0.5 * s), (half * 0.9, -0.68 * s), (half * 1.22, -0.78 * s),
            (half * 1.3, -0.88 * s), (half * 0.9, -0.97 * s), (half * 0.3, -1.0 * s),
            (-half * 0.3, -0.985 * s), (-half * 0.9, -0.98 * s), (-half * 1.3, -0.88 * s),
            (-half * 1.22, -0.78 * s), (-half * 0.9, -0.68 * s), (-half * 0.84, -0.5 * s),
            (-half * 1.0, -0.3 * s), (-half * 1.6, -0.12 * s),
        ]
    )
    return outline, shaft(outline, [-s, -0.5 * s, -0.2 * s, 0], [0.4, half * 0.4, 0.8, 0.5])
