"""What the limbs' regions share: long bones, short bones, dense lines and their variation."""

from collections.abc import Iterable, Sequence

import numpy as np

from generation.backends.phantom import growth
from generation.backends.phantom.parts import Grain, Material, Part, Points, Technique, View
from generation.backends.phantom.shapes import Pairs, closed, inset, moved, rotated, shaft, tube
from generation.backends.phantom.variation import Variation

UPRIGHT = (Grain(90, 0.8), Grain(0, 0.25), Grain(68, 0.2), Grain(112, 0.2))

Cortex = Sequence[tuple[float, float]]  # (level of y, thickness), downwards


def long_bone(
    name: str,
    outline: Pairs,
    depth: float,
    edge: float,
    cortex: Cortex,
    *,
    grain: tuple[Grain, ...] = UPRIGHT,
    swell: float = 0.0,
) -> Part:
    """An upright tubular bone whose compact bone is as thick as `cortex` says at each level.

    `swell` moves the outline outwards by so many mm.
    """
    shape = inset(closed(outline), -swell)
    levels, thickness = zip(*cortex, strict=True)
    marrow = (shaft(shape, levels, thickness),)
    front = max(1.0, 0.33 * max(thickness))  # and back: the walls that the ray meets in between
    return Part(name, (shape,), depth, edge, cortex=front, marrow=marrow, grain=grain)


def short_bone(
    name: str,
    outline: Points,
    depth: float,
    vary: Variation,
    *,
    edge: float = 5.0,
    child: float = 0.85,
    density: float = 1.0,
) -> tuple[Part, Part]:
    """A carpal or tarsal bone, a little turned and shifted; `child` is a child's share of it.

    The rim of its far side lies within that of its near side, a little askew.
    """
    whole = Part(name, (outline,), depth, edge, cortex=0.6, density=density)
    bone = growth.ossified(varied(whole, vary), vary.child, child)
    far = growth.shrunk(bone, vary.uniform(f"{name}.far", 0.74, 0.86))
    rim = Part(
        f"{name} rim",
        far.outlines,
        6.0,
        1.6,
        holes=(inset(far.outlines[0], 1.3),),
        density=0.2 * density,
    )
    return bone, varied(rim, vary, 8.0, 1.1)


def varied(part: Part, vary: Variation, turn: float = 1.5, shift: float = 0.3) -> Part:
    """The part turned (degrees) and shifted (mm) by the seed, about its own middle."""
    x, y = part.outlines[0].mean(0)
    angle = vary.normal(f"{part.name}.turn", turn)
    dx, dy = (vary.normal(f"{part.name}.{axis}", shift) for axis in "xy")
    return part.placed(lambda points: moved(rotated(points, angle, (x, y)), dx, dy))


def line(
    name: str, path: Pairs, radius: float = 0.6, depth: float = 8.0, density: float = 0.35
) -> Part:
    """A wall seen along its surface, as the bone beneath cartilage, fading at its ends."""
    radii = np.full(len(path), radius)
    radii[[0, -1]] = 0.3 * radius
    return Part(name, (tube(path, radii),), depth, 1.4 * radius, cortex=radius, density=density)


def flesh(name: str, outlines: Iterable[Pairs], depth: float, edge: float) -> Part:
    """Muscle over the fat of the skin's part."""
    return Part(name, tuple(closed(o) for o in outlines), depth, edge, Material.SOFT)


def view(
    parts: Iterable[Part],
    technique: Technique,
    margins: tuple[float, float, float, float],
    vary: Variation,
) -> View:
    return View(tuple(parts), technique, margins, growth.SIZE if vary.child else 1.0)


def centred(parts: Iterable[Part], x: float, y: float) -> tuple[Part, ...]:
    """The parts moved so that (x, y) is the middle of the film."""
    return tuple(part.placed(lambda points: points - np.array([x, y])) for part in parts)
