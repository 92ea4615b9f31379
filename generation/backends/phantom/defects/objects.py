"""Objects that have no business on the film: a ring, a screw, a coin."""

import numpy as np

from generation.backends.phantom.defects.bones import Parts, named
from generation.backends.phantom.defects.family import Family, Names, Site
from generation.backends.phantom.defects.geometry import axis
from generation.backends.phantom.defects.whole import usual
from generation.backends.phantom.parts import Material, Part, Points
from generation.backends.phantom.shapes import ellipse, moved, rotated


def _objects(_region: str, _view: str) -> Names:
    return ("ring", "screw", "coin")


def _foreign_body(parts: Parts, site: Site) -> Parts:
    """One of the objects, turned at random, over one of the region's bones."""
    bone = named(parts, site.vary.choice("foreign.bone", usual(site.region, site.view)))
    line = axis(bone.parts[0].outlines, site.field)
    x, y = line.at(site.vary.uniform("foreign.along", 0.3, 0.7))
    turn = site.vary.uniform("foreign.turn", -60, 60)
    object_ = {"ring": _ring, "screw": _screw, "coin": _coin}[site.name]()
    return (*parts, object_.placed(lambda p: moved(rotated(p, turn), x, y)))


def _ring() -> Part:
    """A finger ring seen askew: 20 mm wide, its band 2 mm thick."""
    outer, inner = ellipse(0, 0, 11.0, 7.0), ellipse(0, 0, 9.2, 5.2)
    return Part("ring", (outer,), 2.2, 0.8, Material.METAL, holes=(inner,))


def _coin() -> Part:
    """22 mm wide and as thick as it looks a little askew."""
    return Part("coin", (ellipse(0, 0, 11.0, 10.2),), 2.0, 0.5, Material.METAL)


def _screw() -> Part:
    """A cortical screw of 36 mm with a head, its thread in profile."""
    return Part("screw", (_thread(), _head()), 3.5, None, Material.METAL)


def _thread() -> Points:
    length, pitch, core, crest = 34.0, 1.5, 1.2, 1.85
    count = int(length / pitch)
    y = np.arange(2 * count + 1) * pitch / 2
    radius = np.where(np.arange(len(y)) % 2, crest, core)
    radius[-4:] *= np.linspace(0.9, 0.3, 4)
    right = np.stack([radius, y], 1)
    left = np.stack([-radius, y + pitch / 2], 1)[::-1]
    return np.vstack([right, left]) - (0, length / 2)


def _head() -> Points:
    return np.array(
        [(-3.4, -20.0), (3.4, -20.0), (3.4, -18.4), (1.4, -16.4), (-1.4, -16.4), (-3.4, -18.4)]
    )


OBJECTS = {"foreign_body": Family("Foreign body", _objects, parts=_foreign_body)}
