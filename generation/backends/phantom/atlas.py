"""The regions and views that the phantom knows, in DICOM's terms."""

from collections.abc import Callable, Mapping

from generation.backends.phantom import (
    abdomen,
    ankle,
    chest,
    chest_lateral,
    cspine,
    elbow,
    foot,
    foot_lateral,
    hand,
    hand_lateral,
    hip,
    knee,
    knee_lateral,
    lspine,
    pelvis,
    shoulder,
    shoulder_lateral,
    skull,
    skull_frontal,
    tspine,
    wrist,
)
from generation.backends.phantom.parts import View
from generation.backends.phantom.variation import Variation

ATLAS: Mapping[tuple[str, str], Callable[[Variation], View]] = {
    ("KNEE", "AP"): knee.ap,
    ("KNEE", "LATERAL"): knee_lateral.lateral,
    ("HAND", "PA"): hand.pa,
    ("SHOULDER", "AP"): shoulder.ap,
    ("SHOULDER", "LATERAL"): shoulder_lateral.lateral,
    ("ELBOW", "AP"): elbow.ap,
    ("ELBOW", "LATERAL"): elbow.lateral,
    ("HAND", "LATERAL"): hand_lateral.lateral,
    ("WRIST", "PA"): wrist.pa,
    ("WRIST", "LATERAL"): hand_lateral.wrist,
    ("FOOT", "AP"): foot.ap,
    ("ANKLE", "AP"): ankle.ap,
    ("ANKLE", "LATERAL"): ankle.lateral,
    ("FOOT", "LATERAL"): foot_lateral.lateral,
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
LIMBS = frozenset({"SHOULDER", "ELBOW", "WRIST", "HAND", "KNEE", "ANKLE", "FOOT"})
PAIRED = LIMBS | {"HIP"}  # the body has two, so that a film shows a left or a right
WITH_CHILD = PAIRED | {"PELVIS"}  # also a child's, with open growth plates
FRONTAL = {
    **dict.fromkeys(LIMBS, "AP"),
    "WRIST": "PA",
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
