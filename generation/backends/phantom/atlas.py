"""The regions and views that the phantom knows, in DICOM's terms."""

from collections.abc import Callable, Mapping

from generation.backends.phantom import (
    abdomen,
    chest,
    chest_lateral,
    cspine,
    hand,
    hip,
    knee,
    lspine,
    pelvis,
    skull,
    skull_frontal,
    tspine,
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
    ("ABDOMEN", "AP"): abdomen.ap,
    ("CSPINE", "AP"): cspine.ap,
    ("CSPINE", "LATERAL"): cspine.lateral,
    ("TSPINE", "AP"): tspine.ap,
    ("TSPINE", "LATERAL"): tspine.lateral,
    ("HIP", "AP"): hip.ap,
    ("HIP", "LATERAL"): hip.lateral,
    ("LSPINE", "AP"): lspine.ap,
    ("LSPINE", "LATERAL"): lspine.lateral,
    ("SKULL", "AP"): skull_frontal.ap,
    ("SKULL", "LATERAL"): skull.lateral,
}
# The body has two of these, so that a film shows a left or a right one.
PAIRED = frozenset({"KNEE", "HAND", "HIP"})
FRONTAL = {
    "KNEE": "AP",
    "HAND": "PA",
    "CHEST": "PA",
    "PELVIS": "AP",
    "SKULL": "AP",
    "CSPINE": "AP",
    "TSPINE": "AP",
    "LSPINE": "AP",
    "ABDOMEN": "AP",
    "HIP": "AP",
}
USUAL = {**FRONTAL, "SKULL": "LATERAL"}  # taken where a prompt names no view
