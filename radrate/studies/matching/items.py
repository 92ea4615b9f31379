"""What matching knows of images, and what one reader may see of them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from uuid import UUID

EQUAL = "equal"
EQUAL_IF_KNOWN = "equal_if_known"
DEFAULT_RULES: Mapping[str, str] = {
    "body_part_examined": EQUAL,
    "view_position": EQUAL,
    "image_laterality": EQUAL_IF_KNOWN,
    "age_group": EQUAL_IF_KNOWN,
    "finding": EQUAL_IF_KNOWN,
}

NO_SUCH_REFERENCE = "no_such_reference"
REFERENCES_USED_UP = "references_used_up"
SHARES_A_SUBJECT = "shares_a_subject"
NO_PARTNER_LEFT = "no_partner_left"
NOT_NEEDED = "not_needed"

Traits = tuple[str, ...]
"""An image's attributes in the order of the rules, lower case; empty where unknown."""


@dataclass(frozen=True, slots=True)
class Item:
    """What matching knows of an image. `kin` holds its own id and those of its sources and guides;
    `subjects` the keys of every person whose image went into it."""

    id: UUID
    attributes: Mapping[str, str]
    kin: frozenset[UUID]
    subjects: frozenset[str] = frozenset()

    def related_to(self, other: "Item") -> bool:
        return bool(self.kin & other.kin or self.subjects & other.subjects)

    def traits(self, rules: Mapping[str, str]) -> Traits:
        return tuple(self.attributes[name].casefold() for name in rules)


class Seen:
    """What one reader is shown; whoever is related to it is not shown any more."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._kin: set[UUID] = set()
        self._subjects: set[str] = set()
        for item in items:
            self.add(item)

    def add(self, item: Item) -> None:
        self._kin |= item.kin
        self._subjects |= item.subjects

    def allows(self, item: Item) -> bool:
        return self._kin.isdisjoint(item.kin) and self._subjects.isdisjoint(item.subjects)


def alike(one: Traits, other: Traits, rules: Mapping[str, str]) -> bool:
    """Whether every rule holds; `equal` never holds for an unknown (empty) value."""
    return all(
        mine == theirs if mine and theirs else rule == EQUAL_IF_KNOWN
        for mine, theirs, rule in zip(one, other, rules.values(), strict=True)
    )


def merged(items: Sequence[Item]) -> Item:
    """Images that stand in one case, as one: what is known of any of them is known of it."""

    def known(one: Mapping[str, str], other: Mapping[str, str]) -> Mapping[str, str]:
        return {name: value or other[name] for name, value in one.items()}

    return Item(
        id=items[0].id,
        attributes=reduce(known, (item.attributes for item in items)),
        kin=frozenset().union(*(item.kin for item in items)),
        subjects=frozenset().union(*(item.subjects for item in items)),
    )


def seeded(items: Iterable[Item], seed: int, label: str) -> list[Item]:
    def key(item: Item) -> bytes:
        return hashlib.sha256(f"{seed}:{label}:{item.id}".encode()).digest()

    return sorted(items, key=key)
