"""Where each region can have which defect or finding: data, a few lines a region.

A bone is named as its part is, or by some words of that name: “clavicle” means either of the two.
A region that is not listed has every defect that needs no site of its own, on any of its bones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Break:
    """Where a bone breaks: `end` in words, `span` as fractions of its length within the film.

    They count from the upper end, or of a bone that lies across from the end at the midline. One
    that is not `usual` for the region breaks only when it is named.
    """

    bone: str
    end: str
    span: Span
    usual: bool = True


@dataclass(frozen=True, slots=True)
class Edge:
    """A shutter closed too far: on one of `sides`, by a share of the open field (from, to)."""

    sides: tuple[str, ...]
    share: Span = (0.17, 0.25)


@dataclass(frozen=True, slots=True)
class Sites:
    """What a view offers to defects.

    `bones` may be missing, extra, duplicated or misplaced, and carry objects; the seed chooses
    where none is named. `extra` are those of which one more is seen at a glance, where that is not
    so of all `bones`. `joints` are pairs of neighbours by the joint's name, `fused` groups of bones
    that may grow together, `edges` what a shutter may hide, `openings` the parts whose hole may
    close, `breaks` where fractures are shown.
    """

    bones: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    joints: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    fused: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)
    openings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    breaks: tuple[Break, ...] = ()


# Parts that go with a bone of another name, by how their names begin.
OWNERS = {
    "acetabul": "hip bone",
    "acromion": "scapula",
    "coracoid": "scapula",
    "far condyle": "femur",
    "far scapula": "scapula",
    "growth plate scars": "femur",
    "hook of hamate": "hamate",
    "iliac crest": "hip bone",
    "lower tooth": "mandible",
    "mandibular canal": "mandible",
    "near condyle": "femur",
    "near scapula": "scapula",
    "pelvic lines": "hip bone",
    "promontory": "sacrum",
    "sacral": "sacrum",
}
# Words that mean any of several bones.
GROUPS = {
    "carpal": r"scaphoid|lunate|triquetrum|pisiform|trapezium|trapezoid|capitate|hamate",
    "tarsal": r"talus|calcaneus|navicular|cuboid|.*cuneiform",
    "vertebra": r"[CTL]\d+",
}

FINGERS = ("index", "middle", "ring", "little")
CARPUS = ("capitate", "scaphoid", "trapezium", "trapezoid", "hamate", "triquetrum", "lunate")
SIDES = ("left", "right")
SPINE = {
    "vertebrae": tuple(tuple(f"T{k + step}" for step in range(4)) for k in (6, 7, 8)),
}

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
)
KNEE_LATERAL = replace(KNEE, fused={"patella and femur": (("patella", "femur"),)})
HAND = Sites(
    bones=("metacarpal", "phalanx", "scaphoid", "lunate", "trapezium", "capitate", "hamate"),
    extra=("finger", "metacarpal", "scaphoid", "capitate"),
    joints={
        **{f"{f} mcp": (f"{f} metacarpal", f"{f} proximal phalanx") for f in FINGERS},
        **{f"{f} pip": (f"{f} proximal phalanx", f"{f} middle phalanx") for f in FINGERS},
    },
    fused={
        "carpals": (CARPUS,),
        "metacarpals": (
            ("index metacarpal", "middle metacarpal"),
            ("ring metacarpal", "little metacarpal"),
        ),
    },
    edges={"fingertips": Edge(("top",))},
    breaks=(
        Break("radius", "distal", (0.22, 0.34), usual=False),
        Break("ulna", "distal", (0.3, 0.45), usual=False),
        Break("metacarpal", "midshaft", (0.4, 0.6)),
        Break("proximal phalanx", "midshaft", (0.4, 0.6)),
    ),
)
CHEST = Sites(
    bones=("clavicle", "rib 4", "rib 5", "rib 6", "rib 7"),
    extra=("clavicle",),
    fused=SPINE,
    edges={
        "lung apices": Edge(("top",), (0.16, 0.22)),
        "lung bases": Edge(("bottom",), (0.3, 0.36)),
        "costophrenic angle": Edge(("left", "right"), (0.2, 0.26)),
    },
    breaks=(Break("clavicle", "midshaft", (0.4, 0.6)),),
)
CHEST_LATERAL = Sites(
    bones=("sternum", "manubrium", "T5", "T6", "T7", "T8"),
    fused=SPINE,
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
)
SKULL = Sites(
    bones=("mandible",),
    fused={"vertebrae": (("C3", "C4"), ("C4", "C5"))},
    edges={"vault": Edge(("top",), (0.16, 0.26))},
)
SITES: Mapping[tuple[str, str], Sites] = {
    ("KNEE", ""): KNEE,
    ("KNEE", "LATERAL"): KNEE_LATERAL,
    ("HAND", ""): HAND,
    ("CHEST", ""): CHEST,
    ("CHEST", "LATERAL"): CHEST_LATERAL,
    ("PELVIS", ""): PELVIS,
    ("SKULL", ""): SKULL,
}


def sites(region: str, view: str) -> Sites:
    """Those of a view, or of all views of its region."""
    return SITES.get((region, view)) or SITES.get((region, "")) or Sites()
