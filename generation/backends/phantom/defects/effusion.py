"""Fluid in a joint, where a lateral view shows the pouch that it fills."""

from generation.backends.phantom.defects.bones import Parts
from generation.backends.phantom.defects.family import Family, Names, Site
from generation.backends.phantom.defects.geometry import Outlines
from generation.backends.phantom.parts import Material, Part
from generation.backends.phantom.shapes import tube

# By region: the path of the pouch and its half width in mm, as the lateral view is drawn.
POUCHES = {
    "KNEE": (
        [(-30, -46), (-34, -58), (-35, -74), (-32, -90), (-27, -102)],
        [4.0, 7.5, 9.5, 7.5, 2.5],
    ),
}


def _pouches(region: str, view: str) -> Names:
    return ("",) if view == "LATERAL" and region in POUCHES else ()


def _with_effusion(parts: Parts, site: Site) -> Parts:
    path, widths = POUCHES[site.region]
    full = 0.4 + 0.6 * site.strength * site.vary.uniform("effusion.size", 0.85, 1.15)
    pouch: Outlines = (tube(path, [width * full for width in widths]),)
    return (*parts, Part("joint effusion", pouch, 85, 9, Material.SOFT, density=1.4))


EFFUSION = {
    "joint_effusion": Family("Joint effusion", _pouches, graded=True, parts=_with_effusion),
}
