"""Defects that a generator may make, injected on purpose and by name.

They are those that Adams et al. (2023) saw in generated radiographs: a bone missing, bones fused,
a finger too many, a joint without its space, trabeculae that follow no stress, and collimation that
cuts the anatomy away. Each changes the anatomy or the shutter before the film is exposed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from generation.backends.phantom import hand
from generation.backends.phantom.parts import Grain, Material, Part, Points
from generation.backends.phantom.shapes import closed, ellipse, inset, sided
from generation.backends.phantom.variation import Variation

Parts = tuple[Part, ...]
Change = Callable[[Parts, Variation], Parts]
FRONTAL = frozenset({"AP", "PA"})
ANY = FRONTAL | {"LATERAL"}


@dataclass(frozen=True, slots=True)
class Clip:
    """A shutter closed too far: on one of `sides`, by a share of the open field (from, to)."""

    sides: tuple[str, ...]
    share: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Defect:
    """A plain English label, and where it can be shown: regions and views in DICOM's terms."""

    label: str
    regions: frozenset[str]
    views: frozenset[str] = ANY
    change: Change | None = None
    clip: Clip | None = None


def _without(names: Iterable[str]) -> Change:
    """Leave out every part whose name begins with one of `names`."""
    prefixes = tuple(names)

    def change(parts: Parts, _: Variation) -> Parts:
        return tuple(part for part in parts if not part.name.startswith(prefixes))

    return change


def _one_clavicle(parts: Parts, vary: Variation) -> Parts:
    return _without([f"clavicle {vary.choice('missing.side', ('left', 'right'))}"])(parts, vary)


def _fused(parts: Parts, names: tuple[str, ...], bridges: tuple[Points, ...]) -> Parts:
    """The named bones and the bridges as one bone, in the place of the first of them."""
    bones = [next(part for part in parts if part.name == name) for name in names]
    marrow = tuple(core for bone in bones for core in bone.marrow)
    if marrow:
        marrow += tuple(inset(bridge, 1.0) for bridge in bridges)
    outlines = tuple(outline for bone in bones for outline in bone.outlines)
    whole = replace(bones[0], outlines=outlines + bridges, marrow=marrow)
    kept = (part for part in parts if part.name not in names[1:])
    return tuple(whole if part is bones[0] else part for part in kept)


def _fused_carpals(parts: Parts, _: Variation) -> Parts:
    names = ("capitate", "scaphoid", "trapezium", "trapezoid", "hamate", "triquetrum", "lunate")
    centres = {part.name: part.outlines[0].mean(0) for part in parts if part.name in names}
    ring = closed([centres[name] for name in names[1:]])
    return _fused(parts, names, (ring,))


def _extra_finger(parts: Parts, vary: Variation) -> Parts:
    """A second index finger between thumb and index."""
    rays = hand.posed_rays(vary)
    thumb, index = rays[0], rays[1]
    base = (index.base[0] * 0.6 + thumb.base[0] * 0.4, index.base[1] * 0.6 + thumb.base[1] * 0.4)
    angle = index.angle + 0.5 * (thumb.angle - index.angle)
    extra = replace(index, name="second index", base=base, angle=angle)
    flesh = hand.skin(vary, (*rays, extra))
    return (*(flesh if part.name == "skin" else part for part in parts), *hand.finger(extra))


def _no_joint_space(parts: Parts, vary: Variation) -> Parts:
    names = {part.name for part in parts}
    if "near condyle" in names:
        bridge = closed([(-18, -8), (28, -10), (25, 22), (2, 18), (-16, 14)])
        return _fused(parts, ("femur", "tibia"), (bridge,))
    if "tibia" in names:
        bridge = closed([(-37, -9), (0, -14), (40, -9), (39, 16), (0, 12), (-37, 15)])
        return _fused(parts, ("femur", "tibia"), (bridge,))
    return _no_hip_space(parts, vary)


def _no_hip_space(parts: Parts, vary: Variation) -> Parts:
    """The head of one femur grown into its socket."""
    name = vary.choice("fused.side", ("left", "right"))
    socket = sided(ellipse(93.0, 42.0, 32.0, 31.0), 1 if name == "left" else -1)
    grown = []
    for part in parts:
        if part.name == f"femur {name}":
            outlines, marrow = (part.outlines[0], socket), (part.marrow[0], inset(socket, 0.4))
            grown.append(replace(part, outlines=outlines, marrow=marrow))
        elif part.name != f"acetabular roof {name}":
            grown.append(part)
    return tuple(grown)


def _fused_vertebrae(parts: Parts, vary: Variation) -> Parts:
    first = 6 + int(vary.stream("fused.level").integers(3))
    names = tuple(f"T{number}" for number in range(first, first + 4))
    bodies = [part.outlines[0] for name in names for part in parts if part.name == name]
    bridges = tuple(_between(upper, lower) for upper, lower in pairwise(bodies))
    return _fused(parts, names, bridges)


def _between(upper: Points, lower: Points) -> Points:
    """A block that fills the disc space between two vertebral bodies."""
    a, b = upper.mean(0), lower.mean(0)
    half = 0.46 * np.ptp(upper @ _across(a, b))
    across = half * _across(a, b)
    return np.stack([a + across, b + across, b - across, a - across])


def _across(a: Points, b: Points) -> Points:
    u = (b - a) / np.hypot(*(b - a))
    return np.array([-u[1], u[0]])


def _random_trabeculae(parts: Parts, vary: Variation) -> Parts:
    """Coarse struts in one random direction for each bone, whatever it bears."""
    stream = vary.stream("random trabeculae")

    def scrambled(part: Part) -> Part:
        if part.material is not Material.BONE or not part.grain:
            return part
        angles = stream.uniform(20, 70, 2) * stream.choice([-1, 1], 2)
        return replace(part, grain=tuple(Grain(float(angle), 1.7) for angle in angles))

    return tuple(scrambled(part) for part in parts)


def _closed_foramina(parts: Parts, vary: Variation) -> Parts:
    name = vary.choice("closed.side", ("left", "right"))
    closing = (f"hip bone {name}", f"acetabulum {name}")
    return tuple(replace(part, holes=()) if part.name in closing else part for part in parts)


DEFECTS: Mapping[str, Defect] = {
    "missing_fibula": Defect("Fibula missing", frozenset({"KNEE"}), change=_without(["fibula"])),
    "absent_joint_space": Defect(
        "Joint space absent", frozenset({"KNEE", "PELVIS"}), change=_no_joint_space
    ),
    "fused_carpals": Defect("Carpal bones fused", frozenset({"HAND"}), change=_fused_carpals),
    "extra_finger": Defect("Finger too many", frozenset({"HAND"}), change=_extra_finger),
    "clipped_fingertips": Defect(
        "Fingertips collimated away", frozenset({"HAND"}), clip=Clip(("top",), (0.17, 0.25))
    ),
    "missing_clavicle": Defect(
        "Clavicle missing", frozenset({"CHEST"}), FRONTAL, change=_one_clavicle
    ),
    "fused_vertebrae": Defect(
        "Thoracic vertebrae fused", frozenset({"CHEST"}), change=_fused_vertebrae
    ),
    "clipped_pelvis": Defect(
        "Outer pelvis collimated away",
        frozenset({"PELVIS"}),
        clip=Clip(("left", "right"), (0.2, 0.28)),
    ),
    "closed_obturator_foramen": Defect(
        "Obturator foramen closed", frozenset({"PELVIS"}), change=_closed_foramina
    ),
    "missing_mandible": Defect(
        "Mandible missing", frozenset({"SKULL"}), change=_without(["mandib", "lower tooth"])
    ),
    "clipped_vault": Defect(
        "Vault collimated away", frozenset({"SKULL"}), clip=Clip(("top",), (0.16, 0.26))
    ),
    "random_trabeculae": Defect(
        "Trabeculae in random directions",
        frozenset({"KNEE", "HAND", "PELVIS"}),
        change=_random_trabeculae,
    ),
}
