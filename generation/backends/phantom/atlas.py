"""The regions and views that the phantom knows, in DICOM's terms."""

from collections.abc import Callable, Mapping

from generation.backends.phantom import (
    chest,
    chest_lateral,
    hand,
    knee,
    pelvis,
    skull,
    skull_frontal,
)
from generation.backends.phantom.parts import View
from generation.backends.phantom.variation import Variation

ATLAS: Mapping[tuple[str, str], Callable[[Variation], View]] = {
    ("KNEE", "AP"): knee.ap,
    ("KNEE", "LATERAL"): knee.lateral,
    ("HAND", "PA"): hand.pa,
    ("CHEST", "PA"): chest.pa,
    ("CHEST", "AP"): chest.ap,
    ("CHEST", "LATERAL"): chest_lateral.lateral,
    ("PELVIS", "AP"): pelvis.ap,
    ("SKULL", "AP"): skull_frontal.ap,
    ("SKULL", "LATERAL"): skull.lateral,
}
PAIRED = frozenset({"KNEE", "HAND"})  # the body has two, so that a film shows a left or a right
FRONTAL = {"KNEE": "AP", "HAND": "PA", "CHEST": "PA", "PELVIS": "AP", "SKULL": "AP"}
USUAL = {**FRONTAL, "SKULL": "LATERAL"}  # taken where a prompt names no view
