"""A rubric as a value: what is shipped, edited, imported, exported and hashed. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SCALE, CHOICE, TEXT = "scale", "choice", "text"
FEWEST, MOST = 2, 10  # points of a scale, options of a choice: what the digit keys reach
EDITABLE = (SCALE, CHOICE, TEXT)  # the other kinds belong to a phase's design


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only if the earlier criterion of this key has one of these values."""

    criterion: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A criterion. `points` and `anchors` are a scale's, `options` a choice's, the k-th option
    having the value k."""

    key: str
    question: str
    kind: str = SCALE
    hint: str = ""
    per_image: bool = True
    required: bool = True
    not_applicable: bool = False
    points: int = 5
    anchors: Mapping[int, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    shown_if: Condition | None = None

    @property
    def values(self) -> tuple[int, ...]:
        """What can be answered; nothing for a text."""
        count = {SCALE: self.points, CHOICE: len(self.options)}.get(self.kind, 0)
        return tuple(range(1, min(count, MOST) + 1))

    def word(self, value: int) -> str:
        """What a value means, in words where it has some."""
        return self.options[value - 1] if self.kind == CHOICE else self.anchors.get(value, "")


@dataclass(frozen=True, slots=True)
class Tag:
    key: str
    group: str
    label: str


@dataclass(frozen=True, slots=True)
class Definition:
    title: str
    description: str = ""
    criteria: tuple[Item, ...] = ()
    tags: tuple[Tag, ...] = ()

    @property
    def presses(self) -> int:
        """Keys pressed for a pair at most: one a field, two for the verdict, one to go on."""
        return sum(2 if one.per_image else 1 for one in self.criteria) + 3


def as_json(criterion: Item) -> dict[str, Any]:
    """In plain JSON values, with only what its kind has."""
    body = asdict(criterion)
    body["anchors"] = {str(value): words for value, words in criterion.anchors.items()}
    body["options"] = list(criterion.options)
    if condition := criterion.shown_if:
        body["shown_if"] = {"criterion": condition.criterion, "values": list(condition.values)}
    unused = {"points", "anchors"} if criterion.kind != SCALE else set()
    unused |= {"options"} if criterion.kind != CHOICE else set()
    return {name: value for name, value in body.items() if name not in unused}
