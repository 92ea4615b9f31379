"""Which reference stands beside which candidate."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from radrate.studies.matching.flow import largest
from radrate.studies.matching.items import (
    EQUAL,
    NO_SUCH_REFERENCE,
    REFERENCES_USED_UP,
    SHARES_A_SUBJECT,
    Item,
    Seen,
    Traits,
    alike,
    seeded,
)

Pair = tuple[Item, Item]
ByTraits = Mapping[Traits, Sequence[Item]]


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs (candidate, reference) in the candidates' order, and a reason code for the others."""

    pairs: tuple[tuple[UUID, UUID], ...]
    unmatched: Mapping[UUID, str]


def match(
    *,
    candidates: Sequence[Item],
    references: Sequence[Item],
    rules: Mapping[str, str],
    seed: int,
    shown: Iterable[Item] = (),
) -> Matching:
    """Pair as many candidates as possible, each reference once.

    No two images of the whole matching are kin or share a subject, nor are they related to those
    that are `shown` already, since one reader sees them all. The largest matching is found without
    that condition; where it breaks it another reference that fits is taken, and what is left over
    is matched again, until nothing is gained.
    """
    order = seeded(candidates, seed, "candidate")
    pool = seeded(references, seed, "reference")
    fitting = _fitting(order, pool, rules)
    seen = Seen(shown)
    kept: list[Pair] = []
    tried: set[UUID] = set()
    while True:
        order = [item for item in order if seen.allows(item)]
        pool = [item for item in pool if seen.allows(item)]
        gained, stuck = _round(order, pool, rules, fitting, seen)
        if gained:
            kept += gained
            tried.clear()
        elif all(item.id in tried for item in stuck):
            break
        last = {item.id for item in stuck}
        tried |= last
        order = [item for item in order if item.id not in last] + stuck
    partner = {candidate.id: reference.id for candidate, reference in kept}
    pairs = tuple((c.id, partner[c.id]) for c in candidates if c.id in partner)
    return Matching(
        pairs,
        _reasons(
            candidates=candidates,
            references=references,
            partner=partner,
            rules=rules,
            fitting=fitting,
            seen=seen,
        ),
    )


def by_traits(items: Iterable[Item], rules: Mapping[str, str]) -> ByTraits:
    found = defaultdict(list)
    for item in items:
        found[item.traits(rules)].append(item)
    return found


def _fitting(
    candidates: Iterable[Item], references: Iterable[Item], rules: Mapping[str, str]
) -> Mapping[Traits, Sequence[Traits]]:
    """For each kind of candidate, the kinds of references that are alike."""

    def sure(traits: Traits) -> Traits:
        return tuple(t for t, rule in zip(traits, rules.values(), strict=True) if rule == EQUAL)

    shelves = defaultdict(list)
    for theirs in by_traits(references, rules):
        shelves[sure(theirs)].append(theirs)
    return {
        mine: [theirs for theirs in shelves[sure(mine)] if alike(mine, theirs, rules)]
        for mine in by_traits(candidates, rules)
    }


def _round(
    order: Sequence[Item],
    pool: Sequence[Item],
    rules: Mapping[str, str],
    fitting: Mapping[Traits, Sequence[Traits]],
    seen: Seen,
) -> tuple[list[Pair], list[Item]]:
    """Pairs of a largest matching as far as they may be shown, which are added to `seen`, and the
    candidates that found no reference: every one that is left is related to them."""
    shelves = {traits: deque(items) for traits, items in by_traits(pool, rules).items()}
    capacity = {
        theirs: len(shelves.get(theirs, ())) for fits in fitting.values() for theirs in fits
    }
    flow = largest((item.traits(rules) for item in order), capacity, fitting)
    pairs, stuck = [], []
    for candidate in order:
        wanted = +flow.get(candidate.traits(rules), Counter())
        if not wanted or not seen.allows(candidate):
            continue
        others = [theirs for theirs in fitting[candidate.traits(rules)] if theirs not in wanted]
        reference = _take(candidate, [*wanted, *others], shelves, seen)
        if reference is None:
            stuck.append(candidate)
            continue
        flow[candidate.traits(rules)][reference.traits(rules)] -= 1
        seen.add(candidate)
        seen.add(reference)
        pairs.append((candidate, reference))
    return pairs, stuck


def _take(
    candidate: Item,
    wanted: Iterable[Traits],
    shelves: Mapping[Traits, deque[Item]],
    seen: Seen,
) -> Item | None:
    """The first reference that may be shown, off its shelf; those that never may, go as well."""
    for traits in wanted:
        shelf, aside = shelves.get(traits, deque()), []
        found = None
        while shelf and found is None:
            reference = shelf.popleft()
            if candidate.related_to(reference):
                aside.append(reference)
            elif seen.allows(reference):
                found = reference
        shelf.extendleft(reversed(aside))
        if found:
            return found
    return None


def _reasons(
    *,
    candidates: Iterable[Item],
    references: Iterable[Item],
    partner: Mapping[UUID, UUID],
    rules: Mapping[str, str],
    fitting: Mapping[Traits, Sequence[Traits]],
    seen: Seen,
) -> dict[UUID, str]:
    """A fitting reference that is free and still not taken is kin to another pair."""
    shelves = by_traits(references, rules)
    used = set(partner.values())
    free = {traits: sum(r.id not in used for r in items) for traits, items in shelves.items()}

    def reason(candidate: Item) -> str:
        fits = fitting[candidate.traits(rules)]
        if not any(not candidate.related_to(r) for traits in fits for r in shelves[traits]):
            return NO_SUCH_REFERENCE
        if not seen.allows(candidate) or any(free[traits] for traits in fits):
            return SHARES_A_SUBJECT
        return REFERENCES_USED_UP

    return {c.id: reason(c) for c in candidates if c.id not in partner}
