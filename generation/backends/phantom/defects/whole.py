"""Whole bones: missing, one too many, doubled, or out of place."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from generation.backends.phantom import hand
from generation.backends.phantom.defects.bones import Bone, Parts, meant, named
from generation.backends.phantom.defects.family import Family, Names, Site, bone_names
from generation.backends.phantom.defects.geometry import Axis, axis
from generation.backends.phantom.defects.regions import sites
from generation.backends.phantom.defects.room import Room
from generation.backends.phantom.parts import Place, Points
from generation.backends.phantom.shapes import rotated

FINGER = "finger"


def usual(region: str, view: str) -> Names:
    names = bone_names(region, view)
    return _all_meant(sites(region, view).bones, names) or names


def _extras(region: str, view: str) -> Names:
    return (*bone_names(region, view), *((FINGER,) if region == "HAND" else ()))


def _usually_extra(region: str, view: str) -> Names:
    return _all_meant(sites(region, view).extra, _extras(region, view)) or usual(region, view)


def _all_meant(words: Names, names: Names) -> Names:
    return tuple(name for one in words for name in meant(one, names))


def _missing(parts: Parts, site: Site) -> Parts:
    gone = {id(part) for part in named(parts, site.name).parts}
    return tuple(part for part in parts if id(part) not in gone)


def _duplicated(parts: Parts, site: Site) -> Parts:
    """The contours of a bone twice, the second a little beside the first."""
    bone = named(parts, site.name)
    line = axis(bone.parts[0].outlines, site.field)
    step = float(np.clip(0.45 * line.width, 3.5, 11.0)) * line.across
    step = step * (1 if site.vary.choice("duplicated.way", ("this", "that")) == "this" else -1)
    return (*parts, *_copied(bone, lambda p: p + step, "second"))


def _extra(parts: Parts, site: Site) -> Parts:
    """Another of its kind, in the nearest place that holds no bone."""
    if site.name == FINGER:
        return _extra_finger(parts, site)
    bone = named(parts, site.name)
    turn, size = site.vary.uniform("extra.turn", -9, 9), site.vary.uniform("extra.size", 0.85, 0.95)
    line = axis(bone.parts[0].outlines, site.field)
    reach = (0.8 * line.width, 2.4 * line.width + 12)
    step = _best_step(parts, bone, line, site, reach)
    return (*parts, *_copied(bone, _posed(line.centre, turn, size, step), "extra"))


def _misplaced(parts: Parts, site: Site) -> Parts:
    """The bone shifted out of its place by about its width, and turned."""
    bone = named(parts, site.name)
    line = axis(bone.parts[0].outlines, site.field)
    sign = 1 if site.vary.choice("misplaced.way", ("this", "that")) == "this" else -1
    turn = sign * site.vary.uniform("misplaced.turn", 8, 16) * site.strength
    width = min(line.width, 45.0) * site.strength
    step = _best_step(parts, bone, line, site, (0.7 * width, 1.0 * width))
    place = _posed(line.centre, turn, 1.0, step)
    moving = {id(part) for part in bone.parts}
    return tuple(part.placed(place) if id(part) in moving else part for part in parts)


def _best_step(
    parts: Parts, bone: Bone, line: Axis, site: Site, reach: tuple[float, float]
) -> Points:
    """The shift by a length within `reach` (mm) that leads into flesh, and off other bones."""
    room = Room.of(parts, bone, site.field)
    start = site.vary.uniform("step.direction", 0, 2 * np.pi)
    angles = start + np.linspace(0, 2 * np.pi, 24, endpoint=False)
    steps = [
        length * (np.cos(angle) * line.along + np.sin(angle) * line.across)
        for length in np.linspace(*reach, 4)
        for angle in angles
    ]
    return min(steps, key=lambda step: room.cost(bone.parts[0].outlines, step))


def _posed(about: Points, turn: float, size: float, step: Points) -> Place:
    x, y = about
    return lambda p: (rotated(p, turn, (x, y)) - about) * size + about + step


def _copied(bone: Bone, place: Callable[[Points], Points], word: str) -> Parts:
    return tuple(replace(part.placed(place), name=f"{part.name} {word}") for part in bone.parts)


def _extra_finger(parts: Parts, site: Site) -> Parts:
    """A second index finger between thumb and index."""
    rays = hand.posed_rays(site.vary)
    thumb, index = rays[0], rays[1]
    base = (index.base[0] * 0.6 + thumb.base[0] * 0.4, index.base[1] * 0.6 + thumb.base[1] * 0.4)
    angle = index.angle + 0.5 * (thumb.angle - index.angle)
    extra = replace(index, name="extra", base=base, angle=angle)
    flesh = hand.skin(site.vary, (*rays, extra))
    return (*(flesh if part.name == "skin" else part for part in parts), *hand.finger(extra))


WHOLE = {
    "missing": Family("Bone missing", bone_names, usual, parts=_missing),
    "extra": Family("Extra bone", _extras, _usually_extra, parts=_extra),
    "duplicated": Family("Bone duplicated", bone_names, usual, parts=_duplicated),
    "misplaced": Family("Bone misplaced", bone_names, usual, graded=True, parts=_misplaced),
}
