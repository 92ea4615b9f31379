"""Where each region can have which defect or finding: data, a few lines a region.

A bone is named as its part is, or by some words of that name: “clavicle” means either of the two.
A region that is not listed has every defect that needs no site of its own, on any of its bones.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from generation.backends.phantom.defects.sites import Break, Edge, Sites

SIDES = ("left", "right")
CARPUS = ("capitate", "scaphoid", "trapezium", "trapezoid", "hamate", "triquetrum", "lunate")
ENDS = {
    "upper vertebrae": Edge(("top",), (0.26, 0.34)),
    "lower vertebrae": Edge(("bottom",), (0.26, 0.34)),
}


def _spine(*names: str) -> Sites:
    """Neighbouring vertebrae, from above."""
    pairs = tuple(pairwise(names))
    return Sites(
        bones=names[1:-1],
        joints={f"disc {a} {b}": (a, b) for a, b in pairs},
        fused={"vertebrae": pairs},
        edges=ENDS,
    )


def _hinges(joint: str, near: str, far: str) -> dict[str, tuple[str, str]]:
    return {f"{joint} {k}": (f"{near} {k}", f"{far} {k}") for k in range(1, 6)}


KNEE = Sites(
    bones=("fibula", "patella"),
    joints={"knee": ("femur", "tibia")},
    fused={"tibia and fibula": (("tibia", "fibula"),)},
    edges={"condyle": Edge(("left", "right"), (0.33, 0.4))},
    breaks=(
        Break("femur", "distal", (0.5, 0.6)),
        Break("tibia", "proximal", (0.5, 0.6)),
        Break("fibula", "proximal", (0.35, 0.55)),
    ),
    trabeculae=1,
)
HAND = Sites(
    bones=("metacarpal", "phalanx", "scaphoid", "lunate", "trapezium", "capitate", "hamate"),
    extra=("finger", "metacarpal", "scaphoid", "capitate"),
    joints={
        **_hinges("mcp", "metacarpal", "proximal phalanx"),
        **_hinges("pip", "proximal phalanx", "middle phalanx"),
    },
    fused={
        "carpals": (CARPUS,),
        "metacarpals": (
            ("metacarpal 2", "metacarpal 3"),
            ("metacarpal 4", "metacarpal 5"),
        ),
    },
    edges={"fingertips": Edge(("top",), (0.2, 0.28))},
    breaks=(
        Break("radius", "distal", (0.22, 0.34), usual=False),
        Break("ulna", "distal", (0.3, 0.45), usual=False),
        Break("metacarpal", "midshaft", (0.4, 0.6)),
        Break("proximal phalanx", "midshaft", (0.4, 0.6)),
    ),
    trabeculae=1,
)
WRIST = Sites(
    bones=CARPUS,
    joints={"radiocarpal": ("radius", "scaphoid"), "radiolunate": ("radius", "lunate")},
    fused={"carpals": (CARPUS,)},
    edges={"metacarpals": Edge(("top",), (0.28, 0.36)), "forearm": Edge(("bottom",), (0.3, 0.38))},
    breaks=(Break("radius", "distal", (0.22, 0.34)), Break("ulna", "distal", (0.25, 0.4))),
    trabeculae=1,
)
ELBOW = Sites(
    bones=("radius", "ulna"),
    joints={"humeroradial": ("humerus", "radius"), "humeroulnar": ("humerus", "ulna")},
    fused={"radius and ulna": (("radius", "ulna"),)},
    breaks=(
        Break("humerus", "distal", (0.5, 0.62)),
        Break("radius", "proximal", (0.24, 0.34)),
        Break("ulna", "proximal", (0.45, 0.6)),
    ),
    trabeculae=1,
)
SHOULDER = Sites(
    bones=("clavicle", "humerus", "scapula"),
    extra=("clavicle", "humerus"),
    joints={"glenohumeral": ("humerus", "scapula")},
    fused={"humerus and scapula": (("humerus", "scapula"),)},
    breaks=(Break("humerus", "proximal", (0.34, 0.44)), Break("clavicle", "midshaft", (0.4, 0.6))),
    trabeculae=1,
)
ANKLE = Sites(
    bones=("fibula", "talus", "calcaneus"),
    joints={"ankle": ("tibia", "talus"), "subtalar": ("talus", "calcaneus")},
    fused={"hindfoot": (("talus", "calcaneus"),)},
    edges={"foot": Edge(("bottom",), (0.3, 0.38))},
    breaks=(Break("tibia", "distal", (0.58, 0.68)), Break("fibula", "distal", (0.6, 0.72))),
    trabeculae=1,
)
FOOT = Sites(
    bones=("metatarsal", "proximal phalanx", "cuboid", "navicular"),
    extra=("metatarsal", "proximal phalanx 1"),
    joints=_hinges("mtp", "metatarsal", "proximal phalanx"),
    fused={
        "cuneiforms": (("medial cuneiform", "intermediate cuneiform", "lateral cuneiform"),),
        "metatarsals": (("metatarsal 2", "metatarsal 3"), ("metatarsal 4", "metatarsal 5")),
    },
    edges={"toes": Edge(("top",))},
    breaks=(
        Break("metatarsal", "midshaft", (0.4, 0.6)),
        Break("proximal phalanx 1", "midshaft", (0.4, 0.6)),
    ),
    trabeculae=1,
)
CHEST = Sites(
    bones=("clavicle", "rib 4", "rib 5", "rib 6", "rib 7"),
    extra=("clavicle",),
    fused={"vertebrae": tuple(tuple(f"T{k + n}" for n in range(4)) for k in (6, 7, 8))},
    edges={
        "lung apices": Edge(("top",), (0.16, 0.22)),
        "lung bases": Edge(("bottom",), (0.3, 0.36)),
        "costophrenic angle": Edge(("left", "right"), (0.2, 0.26)),
    },
    breaks=(Break("clavicle", "midshaft", (0.4, 0.6)),),
)
CHEST_LATERAL = Sites(
    bones=("sternum", "manubrium", "T5", "T6", "T7", "T8"),
    fused=CHEST.fused,
    edges={
        "lung apices": Edge(("top",), (0.2, 0.26)),
        "lung bases": Edge(("bottom",), (0.3, 0.36)),
    },
)
PELVIS = Sites(
    bones=("femur", "sacrum", "L4", "hip bone"),
    extra=("femur",),
    joints={f"hip {side}": (f"femur {side}", f"acetabular roof {side}") for side in SIDES},
    fused={"pubic bones": (("hip bone left", "hip bone right"),)},
    edges={"pelvis": Edge(("left", "right"), (0.2, 0.28))},
    openings={
        f"obturator foramen {side}": (f"hip bone {side}", f"acetabulum {side}") for side in SIDES
    },
    breaks=(Break("femur", "proximal", (0.58, 0.7), usual=False),),
    trabeculae=2,
)
HIP = Sites(
    bones=("femur",),
    joints={"hip": ("femur", "acetabular roof")},
    fused={"hip": (("femur", "acetabular roof"),)},
    edges={"greater trochanter": Edge(("left",), (0.3, 0.38))},
    openings={"obturator foramen": ("hip bone", "acetabulum")},
    breaks=(Break("femur", "proximal", (0.66, 0.78)),),
    trabeculae=1.5,
)
ABDOMEN = replace(
    _spine("T11", "T12", "L1", "L2", "L3", "L4", "L5"),
    edges={
        "flank": Edge(("left", "right"), (0.2, 0.28)),
        "pelvis": Edge(("bottom",), (0.25, 0.33)),
    },
)
SKULL = Sites(
    bones=("mandible",),
    fused={"vertebrae": (("C3", "C4"), ("C4", "C5"))},
    edges={"vault": Edge(("top",), (0.16, 0.26))},
    trabeculae=1.6,
)
REGIONS: Mapping[tuple[str, str], Sites] = {
    ("KNEE", ""): KNEE,
    ("KNEE", "LATERAL"): replace(KNEE, fused={"patella and femur": (("patella", "femur"),)}),
    ("HAND", ""): HAND,
    ("HAND", "LATERAL"): replace(HAND, breaks=HAND.breaks[:1], fused={"carpals": (CARPUS,)}),
    ("WRIST", ""): WRIST,
    ("ELBOW", ""): ELBOW,
    ("SHOULDER", ""): SHOULDER,
    ("SHOULDER", "LATERAL"): replace(SHOULDER, joints={}, fused=None, trabeculae=2),
    ("ANKLE", ""): ANKLE,
    ("ANKLE", "AP"): replace(ANKLE, joints={"ankle": ("tibia", "talus")}, fused={}),
    ("FOOT", ""): FOOT,
    ("FOOT", "LATERAL"): replace(FOOT, edges={}),
    ("CHEST", ""): CHEST,
    ("CHEST", "LATERAL"): CHEST_LATERAL,
    ("CSPINE", ""): _spine("C3", "C4", "C5", "C6", "C7"),
    ("TSPINE", ""): _spine("T4", "T5", "T6", "T7", "T8", "T9", "T10"),
    ("LSPINE", ""): _spine("L1", "L2", "L3", "L4", "L5"),
    ("ABDOMEN", ""): ABDOMEN,
    ("PELVIS", ""): PELVIS,
    ("HIP", ""): HIP,
    ("SKULL", ""): SKULL,
    ("SKULL", "AP"): replace(SKULL, extra=("C5",)),
}


def sites(region: str, view: str) -> Sites:
    """Those of a view, or of all views of its region."""
    return REGIONS.get((region, view)) or REGIONS.get((region, "")) or Sites()
