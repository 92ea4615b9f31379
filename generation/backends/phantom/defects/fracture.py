"""A simple fracture of a long bone: a lucent line, a step in both cortices, a shift of both ends.

Each fragment is bent towards its broken end only, so that the joints at its other end still fit.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from generation.backends.phantom.defects.bones import Parts, meant, named
from generation.backends.phantom.defects.family import Family, Names, Site, bone_names
from generation.backends.phantom.defects.geometry import Axis, axis, dense
from generation.backends.phantom.defects.regions import sites
from generation.backends.phantom.defects.sites import Break
from generation.backends.phantom.parts import Part, Points
from generation.backends.phantom.shapes import inset

REACH = 26.0  # mm from the break within which a fragment is displaced
GAP = 1.3  # mm between the fragments


def breaks(region: str, view: str) -> dict[str, Break]:
    """What may break in a view, by name: “distal radius”."""
    names = bone_names(region, view)
    return {
        f"{place.end} {name}": place
        for place in sites(region, view).breaks
        for name in meant(place.bone, names)
    }


def _names(region: str, view: str) -> Names:
    return tuple(breaks(region, view))


def _usual(region: str, view: str) -> Names:
    return tuple(name for name, place in breaks(region, view).items() if place.usual)


@dataclass(frozen=True, slots=True)
class Cleft:
    """The broken surface: a jagged line across the bone at `at`, and how its two sides moved.

    In its own coordinates u runs across the bone and v along it, 0 at the cleft.
    """

    at: Points
    along: Points
    slope: float
    teeth: tuple[float, ...]
    width: float
    shift: float

    @property
    def across(self) -> Points:
        return np.array([-self.along[1], self.along[0]])

    def own(self, points: Points) -> Points:
        u, v = (points - self.at) @ self.across, (points - self.at) @ self.along
        return np.stack([u, v - self.line(u)], 1)

    def film(self, own: Points) -> Points:
        u, v = own[:, :1], own[:, 1:] + self.line(own[:, 0])[:, None]
        return self.at + u * self.across + v * self.along

    def line(self, u: Points) -> Points:
        knots = np.linspace(-0.6, 0.6, len(self.teeth)) * self.width
        return self.slope * u + np.interp(u, knots, self.teeth)

    def displaced(self, own: Points, side: int) -> Points:
        """One fragment's points, where the break took them."""
        fade = np.clip(1 - np.abs(own[:, 1]) / REACH, 0, 1)
        fade = fade * fade * (3 - 2 * fade)
        move = np.stack(
            [np.full(len(own), side * self.shift / 2), np.full(len(own), side * GAP / 2)], 1
        )
        return own + fade[:, None] * move


def _fractured(parts: Parts, site: Site) -> Parts:
    place = breaks(site.region, site.view)[site.name]
    bone = named(parts, site.name.removeprefix(f"{place.end} "))
    cleft = _cleft(axis(bone.parts[0].outlines, site.field), bone.parts, place, site)
    broken = {id(part): _broken(part, cleft) for part in bone.parts}
    return tuple(broken.get(id(part), part) for part in parts)


def _cleft(line: Axis, broken: Parts, place: Break, site: Site) -> Cleft:
    stream = site.vary.stream("fracture.line")
    at = line.at(stream.uniform(*place.span))
    beside = np.vstack([dense(o) for part in broken for o in part.outlines]) - at
    near = beside[np.abs(beside @ line.along) < 4]
    width = float(np.ptp(near @ line.across)) if len(near) > 1 else line.width
    at = at + line.across * (near @ line.across).mean() if len(near) > 1 else at
    shift = (1 if stream.random() < 0.5 else -1) * np.clip(0.22 * width, 1.3, 6.5) * site.strength
    return Cleft(
        at,
        line.along,
        slope=float(stream.uniform(0.15, 0.6) * stream.choice([-1, 1])),
        teeth=tuple(float(t) for t in stream.normal(0, 0.05 * width, 9)),
        width=width,
        shift=float(shift),
    )


def _broken(part: Part, cleft: Cleft) -> Part:
    marrow = part.marrow
    if any(np.ptp(np.sign(cleft.own(outline)[:, 1])) for outline in part.outlines):
        marrow = marrow or tuple(inset(outline, part.cortex) for outline in part.outlines)
    return replace(part, outlines=_halves(part.outlines, cleft), marrow=_halves(marrow, cleft))


def _halves(outlines: tuple[Points, ...], cleft: Cleft) -> tuple[Points, ...]:
    """Both sides of every outline, each where the break took it."""
    found = []
    for outline in outlines:
        own = cleft.own(outline)
        own = cleft.own(dense(outline, where=_near(own)))
        for side in (-1, 1):
            half = _clipped(own, side)
            if len(half) > 2:
                half = dense(half, where=_near(half))
                found.append(cleft.film(cleft.displaced(half, side)))
    return tuple(found)


def _near(own: Points) -> NDArray[np.bool_]:
    """Which edges come near the cleft, where they must be able to bend."""
    ends = np.abs(own[:, 1]), np.abs(np.roll(own[:, 1], -1))
    return np.minimum(*ends) < REACH


def _clipped(own: Points, side: int) -> Points:
    """The polygon's part with side × v >= 0 (Sutherland and Hodgman's rule for one edge)."""
    following = np.roll(own, -1, 0)
    here, there = side * own[:, 1] >= 0, side * following[:, 1] >= 0
    share = own[:, 1] / np.where(own[:, 1] == following[:, 1], 1, own[:, 1] - following[:, 1])
    crossing = own + share[:, None] * (following - own)
    pairs = np.stack([own, crossing], 1).reshape(-1, 2)
    return pairs[np.stack([here, here != there], 1).ravel()]


FRACTURE = {
    "fracture": Family("Displaced fracture", _names, _usual, graded=True, parts=_fractured),
}
