"""What anatomy allows: which films resemble their mirror image, adjoin or go on as shafts.

Body parts and views are DICOM's terms. Sides are those of a film as it is hung, fingers up.
"""

from collections.abc import Mapping

MIRRORED = frozenset(  # never the chest: its mirror image has the aortic knob on the wrong side
    {("PELVIS", "AP"), ("PELVIS", "PA"), ("CSPINE", "AP"), ("SKULL", "AP"), ("SKULL", "PA")}
)

SAME_AREA: Mapping[str, tuple[str, ...]] = {  # films of these also show the part, closest first
    "ANKLE": ("FOOT",),
    "FOOT": ("ANKLE",),
    "WRIST": ("HAND",),
    "HAND": ("WRIST",),
    "PELVIS": ("HIP",),
    "HIP": ("PELVIS",),
    "ABDOMEN": ("PELVIS", "LSPINE"),
    "LSPINE": ("ABDOMEN",),
    "CSPINE": ("SKULL",),
}

FRONTAL = frozenset({"AP", "PA"})

BEYOND: Mapping[tuple[str, str], tuple[str, ...]] = {  # what films show that go on from a side
    ("ABDOMEN", "bottom"): ("PELVIS", "HIP"),
    ("ABDOMEN", "top"): ("CHEST",),
    ("PELVIS", "top"): ("ABDOMEN", "LSPINE"),
    ("PELVIS", "bottom"): ("HIP", "FEMUR"),
    ("CHEST", "bottom"): ("ABDOMEN",),
    ("CHEST", "top"): ("CSPINE",),
    ("CSPINE", "top"): ("SKULL",),
    ("CSPINE", "bottom"): ("CHEST",),
    ("LSPINE", "bottom"): ("PELVIS",),
    ("SKULL", "bottom"): ("CSPINE",),
    ("ANKLE", "bottom"): ("FOOT",),
    ("WRIST", "top"): ("HAND",),
    ("HAND", "bottom"): ("WRIST",),
    ("HIP", "top"): ("PELVIS", "ABDOMEN"),
}

BEYOND_A_SHAFT: Mapping[tuple[str, str], tuple[str, ...]] = {  # what comes when a shaft has ended
    ("KNEE", "bottom"): ("ANKLE",),
    ("KNEE", "top"): ("HIP", "PELVIS"),
    ("ANKLE", "top"): ("KNEE",),
    ("HIP", "bottom"): ("KNEE",),
    ("PELVIS", "bottom"): ("KNEE",),
    ("ELBOW", "top"): ("SHOULDER",),
    ("ELBOW", "bottom"): ("WRIST", "HAND"),
    ("WRIST", "bottom"): ("ELBOW",),
    ("HAND", "bottom"): ("ELBOW",),
    ("SHOULDER", "bottom"): ("ELBOW",),
}

SHAFTS: Mapping[str, frozenset[str]] = {  # sides beyond which a long bone simply goes on
    "KNEE": frozenset({"top", "bottom"}),
    "ELBOW": frozenset({"top", "bottom", "left", "right"}),
    "ANKLE": frozenset({"top"}),
    "WRIST": frozenset({"bottom"}),
    "HAND": frozenset({"bottom"}),
    "SHOULDER": frozenset({"bottom"}),
    "HIP": frozenset({"bottom"}),
    "PELVIS": frozenset({"bottom"}),
    **{
        part: frozenset({"top", "bottom"})
        for part in ("HUMERUS", "FOREARM", "ARM", "FEMUR", "THIGH", "LEG", "TIBIA", "FIBULA")
    },
}


def shafts(part: str, view: str) -> frozenset[str]:
    """The sides at which a film may be continued by extruding its edge; none in an axial view."""
    return frozenset() if view == "AXIAL" else SHAFTS.get(part, frozenset())


def views_agree(first: str, second: str) -> bool:
    """Whether films of two views may show the same outline: frontal ones, or either an oblique."""
    if not first or not second or first == second or "OBLIQUE" in (first, second):
        return True
    return {first, second} <= FRONTAL
