"""Which cases each slot reads."""

from collections.abc import Iterator, Sequence
from itertools import chain, count, repeat

import numpy as np

from radrate.studies.allocation.designs import BLOCKS, MAIN, PhasePlan, by_stratum
from radrate.studies.allocation.draws import EVERYONE, Draws, spread

STEPS = 256


def deal(phase: PhasePlan, *, seed: int, planned: int) -> Iterator[list[int]]:
    """The main cases of slot 0, 1, 2, …, without end.

    Blocks are made for the `planned` slots together, so that any two have nearly equally many
    cases in common; what comes later, and every slot of a quota, is dealt one after another, so
    that no case is ever two readers ahead of another.
    """
    draws = Draws(seed, phase.number, EVERYONE)
    strata = by_stratum(phase.of_kind(MAIN))
    every = list(chain.from_iterable(strata))
    if phase.shared == len(every):
        return repeat(every)
    anchors = set(shares(strata, phase.shared, draws, "anchor"))
    others = [[n for n in stratum if n not in anchors] for stratum in strata]
    together = planned if phase.kind == BLOCKS else 0
    dealt = _rotate(others, phase.load - phase.shared, together, draws)
    return ([n for n in every if n in anchors or n in mine] for mine in dealt)


def shares(strata: Sequence[Sequence[int]], take: int, draws: Draws, purpose: str) -> list[int]:
    """`take` cases, of every stratum its share, rounded down or up."""
    row = [n for stratum in strata for n in draws.shuffled(stratum, purpose)]
    if not take:
        return []
    return [row[i] for i in spread(len(row), take, draws.below(len(row), purpose))]


def _rotate(
    strata: Sequence[Sequence[int]], take: int, planned: int, draws: Draws
) -> Iterator[set[int]]:
    """`take` cases for each slot, of every stratum its share, rounded down or up.

    The indices that `spread` gives to successive slots follow each other round a circle. So after
    any number of slots a stratum has been asked for its cases equally often, within one each.
    """
    piles = [_Pile(draws.shuffled(stratum, "deal")) for stratum in strata if stratum]
    stratum_of = np.repeat(np.arange(len(piles)), [len(pile.numbers) for pile in piles])
    start = draws.below(len(stratum_of), "start")

    def quotas(slot: int) -> np.ndarray:
        offset = (start + slot * take) % len(stratum_of)
        chosen = spread(len(stratum_of), take, offset) if take else []
        return np.bincount(stratum_of[chosen], minlength=len(piles))

    in_common = np.zeros((planned, planned), dtype=np.int64)
    asked = [quotas(slot) for slot in range(planned)]
    for k, pile in enumerate(piles):
        pile.share_out(np.array([own[k] for own in asked], dtype=np.int64), in_common)
    for slot in range(planned):
        yield {n for pile in piles for n in pile.of(slot)}
    for slot in count(planned):
        row = np.zeros(slot, dtype=np.float32)
        for pile, wanted in zip(piles, quotas(slot), strict=True):
            pile.deal(int(wanted), row, -(-take // STEPS))
        yield {n for pile in piles for n in pile.of(slot)}


class _Pile:
    """The cases of one stratum in drawn order, and which slots have them."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = numbers
        self.had = np.zeros((0, len(numbers)), dtype=np.float32)  # slot × case, 0 or 1

    def of(self, slot: int) -> list[int]:
        return [self.numbers[k] for k in np.flatnonzero(self.had[slot]).tolist()]

    def share_out(self, left: np.ndarray, in_common: np.ndarray) -> None:
        """Give each slot as many cases as it has `left`, each case to equally many slots, within
        one. A case goes to slots that have most left and, of these, to those that have least in
        common so far (slot × slot, kept up to date); ties go to the next in turn."""
        slots, total = np.arange(len(left)), int(left.sum())
        self.had = np.zeros((len(left), len(self.numbers)), dtype=np.float32)
        for k in range(len(self.numbers)):
            chosen: list[int] = []
            for _ in range(total * k // len(self.numbers), total * (k + 1) // len(self.numbers)):
                shared = in_common[chosen].sum(axis=0)
                free = np.where(np.isin(slots, chosen), -1, left)
                chosen.append(int(np.lexsort(((slots - k) % len(slots), shared, -free))[0]))
            in_common[np.ix_(chosen, chosen)] += 1 - np.eye(len(chosen), dtype=np.int64)
            left[chosen] -= 1
            self.had[chosen, k] = 1

    def deal(self, wanted: int, in_common: np.ndarray, at_once: int) -> None:
        """Give one more slot `wanted` cases: those that the fewest slots have and, of these, those
        of slots that have least in common with this one (by slot, kept up to date); ties go by
        drawn order. `at_once` are taken between two looks at what is in common.

        Sums stay below 2^24, so that float32 is exact.
        """
        times = self.had.sum(axis=0).astype(np.int64)
        taken = np.zeros(len(self.numbers), dtype=np.int64)
        while left := wanted - int(taken.sum()):
            shared = (in_common @ self.had).astype(np.int64)
            order = np.lexsort((shared, times, taken))[: min(at_once, left)]
            taken[order] = 1
            in_common += self.had[:, order].sum(axis=1)
        self.had = np.vstack([self.had, taken.astype(np.float32)])
