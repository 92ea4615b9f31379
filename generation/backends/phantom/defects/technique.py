"""How a film was taken: collimation that cuts the anatomy, and lead letters that are wrong."""

from dataclasses import replace

from generation.backends.phantom.defects.family import Family, Names, Site
from generation.backends.phantom.defects.regions import sites
from generation.backends.phantom.defects.sites import Edge
from generation.backends.phantom.film import Marker, Shutter

EDGES = ("left", "top", "right", "bottom")
ANY_EDGE = {"edge": Edge(EDGES, (0.26, 0.34))}  # where a region names none


def _edges(region: str, view: str) -> Names:
    return tuple(sites(region, view).edges or ANY_EDGE)


def _clipped(shutter: Shutter, site: Site) -> Shutter:
    """The shutter with one side moved in as far as hides the anatomy."""
    edge = (sites(site.region, site.view).edges or ANY_EDGE)[site.name]
    side = EDGES.index(site.vary.choice("clipped.side", edge.sides))
    box = list(shutter.box)
    extent = box[side % 2 + 2] - box[side % 2]
    amount = site.vary.uniform("clipped.amount", *edge.share) * extent
    box[side] += amount if side < 2 else -amount
    return Shutter((box[0], box[1], box[2], box[3]), shutter.tilt)


def _marks(_region: str, view: str) -> Names:
    """From the side nothing on the film tells that a letter is the wrong one."""
    return ("mirrored", "missing") if view == "LATERAL" else ("letter", "mirrored", "missing")


def _wrong_marker(marker: Marker, site: Site) -> Marker:
    if site.name == "missing":
        return Marker("")
    if site.name == "mirrored":
        return replace(marker, mirrored=True)
    return Marker("L" if marker.text == "R" else "R")


TECHNIQUE = {
    "clipped": Family("Anatomy collimated away", _edges, shutter=_clipped),
    "wrong_marker": Family("Side marker wrong", _marks, marker=_wrong_marker),
}
