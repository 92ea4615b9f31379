"""Every defect and finding by name, and what a name means in one view.

A name is that of a family, alone or followed by where: `missing`, `missing_fibula`,
`fracture_distal_radius`. Where nothing or several things are named the seed chooses.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from generation.backends.base import Unsupported
from generation.backends.phantom.defects.bones import meant
from generation.backends.phantom.defects.effusion import EFFUSION
from generation.backends.phantom.defects.family import Family, Names, Site
from generation.backends.phantom.defects.fracture import FRACTURE
from generation.backends.phantom.defects.inner import INNER
from generation.backends.phantom.defects.joints import JOINTS
from generation.backends.phantom.defects.lungs import LUNGS
from generation.backends.phantom.defects.objects import OBJECTS
from generation.backends.phantom.defects.photo import PHOTO
from generation.backends.phantom.defects.technique import TECHNIQUE
from generation.backends.phantom.defects.whole import WHOLE
from generation.backends.phantom.variation import Variation

DEFECTS: Mapping[str, Family] = {**WHOLE, **JOINTS, **INNER, **TECHNIQUE, **OBJECTS, **PHOTO}
FINDINGS: Mapping[str, Family] = {**FRACTURE, **EFFUSION, **LUNGS}
FAMILIES: Mapping[str, Family] = {**DEFECTS, **FINDINGS}


@dataclass(frozen=True, slots=True)
class Injection:
    """A family, and the names in one view among which the seed chooses."""

    kind: str
    family: Family
    choices: Names

    def site(
        self, region: str, view: str, field: tuple[float, float], strength: float, vary: Variation
    ) -> Site:
        name = vary.choice(f"{self.kind}.where", self.choices)
        return Site(region, view, name, field, strength, vary)


def split(name: str) -> tuple[str, str]:
    """Family and the words for where: “missing”, “clavicle left”. Raises Unsupported."""
    for kind in sorted(FAMILIES, key=len, reverse=True):
        if name == kind or name.startswith(f"{kind}_"):
            return kind, name[len(kind) + 1 :].replace("_", " ")
    raise Unsupported(f"The phantom knows no “{name}”.")


def injection(name: str, region: str, view: str) -> Injection:
    """What a name means in a view. Raises Unsupported where it cannot be shown."""
    kind, words = split(name)
    family = FAMILIES[kind]
    options = family.options(region, view)
    usual = family.usual(region, view) if family.usual else options
    choices = meant(words, options) if words else usual
    if not choices:
        what = f"{family.label.lower()}: {words}" if words and options else family.label.lower()
        raise Unsupported(f"The phantom cannot show “{what}” in {region.lower()} {view}.")
    preferred = tuple(choice for choice in choices if choice in usual)
    return Injection(kind, family, preferred or choices)
