"""Which reference stands beside which candidate. Pure: values in, values out."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

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


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs (candidate, reference) in the candidates' order, and a reason code for the others."""

    pairs: tuple[tuple[UUID, UUID], ...]
    unmatched: Mapping[UUID, str]


def alike(candidate: Item, reference: Item, rules: Mapping[str, str]) -> bool:
    """Whether every rule holds; `equal` never holds for an unknown (empty) value."""
    for name, rule in rules.items():
        mine, theirs = candidate.attributes[name], reference.attributes[name]
        if rule == EQUAL_IF_KNOWN and not (mine and theirs):
            continue
        if not mine or mine.casefold() != theirs.casefold():
            return False
    return True


def match(
    *,
    candidates: Sequence[Item],
    references: Sequence[Item],
    rules: Mapping[str, str],
    seed: int,
) -> Matching:
    """Pair as many candidates as possible, each reference once.

    No two images of the whole matching are kin or share a subject, since one reader sees them
    all. The largest matching is found without that condition; pairs that break it are dropped in
    seeded order and what is left is matched again, until nothing is gained.
    """
    order = _seeded(candidates, seed, "candidate")
    pool = _seeded(references, seed, "reference")
    allowed = {
        c.id: {r.id for r in pool if alike(c, r, rules) and not c.related_to(r)} for c in order
    }
    kept: list[tuple[Item, Item]] = []
    while True:
        taken = [item for pair in kept for item in pair]
        free_candidates = [c for c in order if _unrelated(c, taken)]
        free_references = [r for r in pool if _unrelated(r, taken)]
        gained = _compatible(_largest(free_candidates, free_references, allowed), taken)
        if not gained:
            break
        kept += gained
    partner = {c.id: r.id for c, r in kept}
    pairs = tuple((c.id, partner[c.id]) for c in candidates if c.id in partner)
    used = [item for pair in kept for item in pair]
    unmatched = {c.id: _reason(c, allowed[c.id], used) for c in candidates if c.id not in partner}
    return Matching(pairs, unmatched)


def _seeded(items: Iterable[Item], seed: int, label: str) -> list[Item]:
    def key(item: Item) -> bytes:
        return hashlib.sha256(f"{seed}:{label}:{item.id}".encode()).digest()

    return sorted(items, key=key)


def _unrelated(item: Item, others: Iterable[Item]) -> bool:
    return not any(item.related_to(other) for other in others)


def _largest(
    candidates: Sequence[Item], references: Sequence[Item], allowed: Mapping[UUID, set[UUID]]
) -> list[tuple[Item, Item]]:
    """A maximum bipartite matching (Hopcroft-Karp)."""
    if not candidates or not references:
        return []
    column_of = {reference.id: column for column, reference in enumerate(references)}
    edges = [
        (row, column_of[pk])
        for row, candidate in enumerate(candidates)
        for pk in allowed[candidate.id]
        if pk in column_of
    ]
    rows, targets = zip(*edges, strict=True) if edges else ((), ())
    shape = (len(candidates), len(references))
    graph = csr_array((np.ones(len(edges), dtype=np.int8), (rows, targets)), shape=shape)
    columns = maximum_bipartite_matching(graph, perm_type="column")
    return [
        (candidate, references[column])
        for candidate, column in zip(candidates, columns, strict=True)
        if column >= 0
    ]


def _compatible(
    pairs: Iterable[tuple[Item, Item]], taken: Iterable[Item]
) -> list[tuple[Item, Item]]:
    seen = list(taken)
    kept = []
    for pair in pairs:
        if all(_unrelated(item, seen) for item in pair):
            kept.append(pair)
            seen += pair
    return kept


def _reason(candidate: Item, allowed: set[UUID], used: Sequence[Item]) -> str:
    """A fitting reference that is free and still not taken is kin to another pair."""
    if not allowed:
        return NO_SUCH_REFERENCE
    if not _unrelated(candidate, used) or allowed - {item.id for item in used}:
        return SHARES_A_SUBJECT
    return REFERENCES_USED_UP
