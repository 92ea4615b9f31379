"""What a view may offer to defects and findings; `regions` says it of each region."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    that may grow together, or None where bones lie over each other, `edges` what a shutter may
    hide, `openings` the parts whose hole may close, `breaks` where fractures are shown;
    `trabeculae` how much plainer than usual they must be drawn to be seen to run astray, 0 where
    they are not seen at all. What a view has no parts for is left out.
    """

    bones: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    joints: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    fused: Mapping[str, tuple[tuple[str, ...], ...]] | None = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)
    openings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    breaks: tuple[Break, ...] = ()
    trabeculae: float = 0.0


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
