"""Joints and neighbours: grown together, without their space, or with surfaces that do not fit."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from scipy.spatial import cKDTree

from generation.backends.phantom.defects.bones import Bone, Parts, bones, named
from generation.backends.phantom.defects.family import (
    Family,
    Names,
    Site,
    bone_names,
    part_names,
)
from generation.backends.phantom.defects.geometry import dense, distance, facing, hull
from generation.backends.phantom.defects.regions import sites
from generation.backends.phantom.defects.whole import usual
from generation.backends.phantom.parts import Part, Points
from generation.backends.phantom.shapes import inset

CLOSE = 5.0  # mm between two of a group that grow together
UNLIKE = 1.5  # times thicker is one bone than another with which it cannot be drawn as one
WIDEST = 14.0  # mm further apart than where they are nearest, and a bridge joins two bones
DEEP = 6.0  # mm that a distortion reaches beneath a joint's surface


def _joints(region: str, view: str) -> Names:
    there = part_names(region, view)
    return tuple(name for name, pair in sites(region, view).joints.items() if there >= set(pair))


def _groups(region: str, view: str) -> Names:
    return tuple(n for n in sites(region, view).fused or () if groups(region, view, n))


def groups(region: str, view: str, name: str) -> tuple[Names, ...]:
    """The groups of that name whose bones this view has."""
    there = part_names(region, view)
    known = (sites(region, view).fused or {}).get(name, ())
    return tuple(group for group in known if there >= set(group))


def _fusible(region: str, view: str) -> Names:
    if sites(region, view).fused is None:
        return ()
    return (*_groups(region, view), *bone_names(region, view))


def _usually_fused(region: str, view: str) -> Names:
    return _groups(region, view) or (_fusible(region, view) and usual(region, view))


def _fused(parts: Parts, site: Site) -> Parts:
    """A group of bones grown together where they are close, or one bone with its neighbour."""
    choices = groups(site.region, site.view, site.name)
    if choices:
        choice = int(site.vary.stream("fused.group").integers(len(choices)))
        members = [named(parts, name) for name in choices[choice]]
    else:
        one = named(parts, site.name)
        members = [one, _neighbour(parts, one)]
    return _joined(parts, members, 2.5)


def _neighbour(parts: Parts, bone: Bone) -> Bone:
    others = [other for other in bones(parts).values() if other.name != bone.name]
    shape = bone.parts[0].outlines
    return min(others, key=lambda other: distance(shape, other.parts[0].outlines))


def _no_space(parts: Parts, site: Site) -> Parts:
    """Bone right through a joint, from one of its two bones to the other."""
    return _joined(parts, _pair(parts, site), 1.0)


def _pair(parts: Parts, site: Site) -> list[Bone]:
    names = sites(site.region, site.view).joints[site.name]
    return [named(parts, name) for name in names]


def _joined(parts: Parts, members: Sequence[Bone], wide: float) -> Parts:
    """Bones as one where they are close; or with a bridge, where one is too thin to be drawn so."""
    bodies = [bone.parts[0] for bone in members]
    pairs = [
        (a.outlines, b.outlines)
        for a, b in combinations(bodies, 2)
        if len(bodies) == 2 or distance(a.outlines, b.outlines) < CLOSE
    ]
    bridges = [_bridge(*pair) for pair in pairs]
    thin, thick = sorted(bodies, key=lambda body: body.depth)[:: len(bodies) - 1]
    if thick.depth < UNLIKE * thin.depth or _size(thin.outlines) < 2 * _size(tuple(bridges)):
        return _grown(parts, members, bridges)
    return _bridged(parts, bodies, [_bridge(*pair, wide=wide) for pair in pairs])


def _size(outlines: tuple[Points, ...]) -> float:
    return float(np.ptp(np.vstack(outlines), axis=0).max())


def _bridge(one: tuple[Points, ...], other: tuple[Points, ...], wide: float = 1.0) -> Points:
    """What fills the gap between two bones, and a little of both."""
    return dense(hull(np.vstack(facing(one, other, min(wide * _slack(one, other), WIDEST)))))


def _slack(one: tuple[Points, ...], other: tuple[Points, ...]) -> float:
    """How much further apart than where they are nearest two surfaces still face each other."""
    smaller = min(float(np.ptp(np.vstack(bone), axis=0).min()) for bone in (one, other))
    return float(np.clip(0.25 * smaller, 1.5, 9.0))


def _grown(parts: Parts, members: Sequence[Bone], bridges: Sequence[Points]) -> Parts:
    """Bones and bridges as one, of the largest one's thickness and in its place; the details of
    the others go with their contours, and every rim, which is a contour too."""
    bodies = [bone.parts[0] for bone in members]
    main = max(bodies, key=lambda body: _size(body.outlines))
    marrow: tuple[Points, ...] = ()
    if any(body.marrow for body in bodies):
        marrow = tuple(core for body in bodies for core in _marrow(body))
        marrow += tuple(inset(bridge, -0.3) for bridge in bridges)
    whole = replace(
        main,
        outlines=(*(outline for body in bodies for outline in body.outlines), *bridges),
        marrow=marrow,
        holes=tuple(hole for body in bodies for hole in body.holes),
    )
    gone = {
        id(part)
        for bone in members
        for part in bone.parts
        if bone.parts[0] is not main or part.name.endswith(" rim")
    }
    kept = (part for part in parts if id(part) not in gone)
    return tuple(whole if part is main else part for part in kept)


def _bridged(parts: Parts, bodies: Sequence[Part], bridges: Sequence[Points]) -> Parts:
    """Bones of unlike thickness, with bone of the thinner one's from one to the other."""
    thin = min(bodies, key=lambda body: body.depth)
    bone = replace(thin, name=f"{thin.name} bridge", outlines=tuple(bridges), marrow=(), holes=())
    joined = {id(body): replace(body) for body in bodies}  # changed, since they are one now
    return (*(joined.get(id(part), part) for part in parts), bone)


def _marrow(part: Part) -> tuple[Points, ...]:
    return part.marrow or tuple(inset(outline, part.cortex) for outline in part.outlines)


def _distorted(parts: Parts, site: Site) -> Parts:
    """Both surfaces of a joint wavy, each in its own way, so that they do not fit."""
    one, other = _pair(parts, site)
    shapes = one.parts[0].outlines, other.parts[0].outlines
    surfaces = facing(*shapes, 1.6 * _slack(*shapes))
    across = surfaces[1].mean(0) - surfaces[0].mean(0)
    across = across / (np.hypot(*across) or 1.0)
    moved: dict[int, Part] = {}
    for bone, surface in zip((one, other), surfaces, strict=True):
        wave = _Wave(surface, across, site, f"distorted.{bone.name}")
        moved |= {id(part): wave.applied(part) for part in bone.parts}
    return tuple(moved.get(id(part), part) for part in parts)


class _Wave:
    """Moves points near a joint's surface to and fro `across` it, the less the deeper they lie."""

    def __init__(self, surface: Points, across: Points, site: Site, name: str) -> None:
        self.surface, self.across = cKDTree(surface), across
        self.along = np.array([-across[1], across[0]])
        self.breadth = float(np.ptp(surface @ self.along))
        stream = site.vary.stream(name)
        self.phases, self.turns = stream.uniform(0, 2 * np.pi, 3), stream.uniform(1.2, 3.6, 3)
        self.height = site.strength * float(np.clip(0.05 * self.breadth, 1.0, 2.8))

        self.reach = min(DEEP, 0.25 * self.breadth)

    def applied(self, part: Part) -> Part:
        def fine(outline: Points) -> Points:
            return dense(outline, where=self.surface.query(outline)[0] < 2.5 * self.reach)

        outlines, marrow = (tuple(map(fine, curves)) for curves in (part.outlines, part.marrow))
        return replace(part, outlines=outlines, marrow=marrow).placed(self)

    def __call__(self, points: Points) -> Points:
        depth = self.surface.query(points)[0] / self.reach
        turn = 2 * np.pi * (points @ self.along)[:, None] / self.breadth
        wave = np.sin(turn * self.turns + self.phases).sum(1) * np.exp(-(depth**2))
        return points + self.height * np.where(depth < 2.5, wave, 0)[:, None] * self.across


JOINTS = {
    "fused": Family("Bones fused", _fusible, _usually_fused, parts=_fused),
    "absent_joint_space": Family("Joint space absent", _joints, parts=_no_space),
    "distorted_joint": Family("Joint surfaces distorted", _joints, graded=True, parts=_distorted),
}
