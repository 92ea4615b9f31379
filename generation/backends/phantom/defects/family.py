"""What a defect or a finding is: a family of changes that may be made at several sites."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from generation.backends.phantom.atlas import ATLAS
from generation.backends.phantom.defects.bones import Parts, bones
from generation.backends.phantom.film import Marker, Shutter
from generation.backends.phantom.projection import Floats
from generation.backends.phantom.variation import Variation

Names = tuple[str, ...]
Options = Callable[[str, str], Names]  # of a region and view


@dataclass(frozen=True, slots=True)
class Site:
    """Where a defect goes in one film: `name` is the bone, joint or variant, or empty.

    `field` is the width and height of the anatomy in mm, `strength` from 0 to 1.
    """

    region: str
    view: str
    name: str
    field: tuple[float, float]
    strength: float
    vary: Variation


@dataclass(frozen=True, slots=True)
class Family:
    """A plain English label, the names that it can be shown at, and what it changes.

    `options` are the names that may be asked for in a view: none where it cannot be shown, and an
    empty one where it needs no name. `usual` are those from which the seed chooses. `graded`
    families have a strength. The change is made to the anatomy's parts, to the shutter, to the lead
    letter or to the finished film's grey values.
    """

    label: str
    options: Options
    usual: Options | None = None
    graded: bool = False
    parts: Callable[[Parts, Site], Parts] | None = None
    shutter: Callable[[Shutter, Site], Shutter] | None = None
    marker: Callable[[Marker, Site], Marker] | None = None
    film: Callable[[Floats, Site], Floats] | None = None

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """The regions and views that it can be shown in."""
        return tuple(key for key in ATLAS if self.options(*key))

    @property
    def regions(self) -> frozenset[str]:
        return frozenset(region for region, _view in self.shown)


@cache
def bone_names(region: str, view: str) -> Names:
    return tuple(bones(ATLAS[region, view](Variation(0)).parts))


@cache
def part_names(region: str, view: str) -> frozenset[str]:
    return frozenset(part.name for part in ATLAS[region, view](Variation(0)).parts)


def everywhere(_region: str, _view: str) -> Names:
    return ("",)
