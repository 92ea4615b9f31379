"""The inside of bones: trabeculae without order, and openings that are closed."""

from dataclasses import replace

from generation.backends.phantom.atlas import ATLAS
from generation.backends.phantom.defects.bones import Parts, bones, named
from generation.backends.phantom.defects.family import Family, Names, Site, part_names
from generation.backends.phantom.defects.regions import sites
from generation.backends.phantom.parts import Grain, Part
from generation.backends.phantom.variation import Variation


def _grained(region: str, view: str) -> Names:
    """Bones whose trabeculae have a direction; none named means all of them."""
    if not sites(region, view).trabeculae:
        return ()
    there = bones(ATLAS[region, view](Variation(0)).parts).values()
    names = tuple(bone.name for bone in there if any(part.grain for part in bone.parts))
    return ("", *names) if names else ()


def _all(region: str, view: str) -> Names:
    return _grained(region, view)[:1]


def _random_trabeculae(parts: Parts, site: Site) -> Parts:
    """Coarse struts in one random direction for each bone, whatever it bears."""
    stream = site.vary.stream("random trabeculae")
    plain = sites(site.region, site.view).trabeculae
    chosen = {id(part) for part in (named(parts, site.name).parts if site.name else parts)}

    def scrambled(part: Part) -> Part:
        if id(part) not in chosen or not part.grain:
            return part
        angles = stream.uniform(20, 70, 2) * stream.choice([-1, 1], 2)
        weight = plain * (0.7 + site.strength)
        return replace(part, grain=tuple(Grain(float(angle), weight) for angle in angles))

    return tuple(scrambled(part) for part in parts)


def _openings(region: str, view: str) -> Names:
    there = part_names(region, view)
    known = sites(region, view).openings
    return tuple(name for name, closing in known.items() if there >= set(closing))


def _closed(parts: Parts, site: Site) -> Parts:
    closing = sites(site.region, site.view).openings[site.name]
    return tuple(replace(part, holes=()) if part.name in closing else part for part in parts)


INNER = {
    "random_trabeculae": Family(
        "Trabeculae in random directions", _grained, _all, graded=True, parts=_random_trabeculae
    ),
    "closed": Family("Opening closed", _openings, parts=_closed),
}
