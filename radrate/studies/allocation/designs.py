"""What an allocation is made from, and what it is made of."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

MAIN, TRAINING, CATCH = "main", "training", "catch"
CROSSED, BLOCKS, QUOTA = "crossed", "blocks", "quota"
KINDS = (CROSSED, BLOCKS, QUOTA)
LABELS = "ABCD"


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """A case as allocation knows it. `reference` is the number of the image whose place is
    balanced over the labels: the reference or, where there is none, the first arm's image."""

    number: int
    kind: str = MAIN
    arm: Hashable = None
    body_part: Hashable = None
    reference: int = 1


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """A phase as allocation knows it. `images` stand in each case, 1 to 4.

    `blocks`: every reader reads the `anchors` and as many others as make up `cases_per_reader`;
    `quota`: the same without anchors; `crossed`: every reader reads every case. `repeats` cases
    are shown again, `minimum_lag` or more positions later. A second session shows
    `second_session_cases` again, all if None.
    """

    number: int
    cases: tuple[PlannedCase, ...]
    images: int
    block_size: int
    kind: str = CROSSED
    anchors: int = 0
    cases_per_reader: int | None = None
    repeats: int = 0
    minimum_lag: int = 1
    sessions: int = 1
    second_session_cases: int | None = None

    def of_kind(self, kind: str) -> list[PlannedCase]:
        return sorted((c for c in self.cases if c.kind == kind), key=lambda case: case.number)

    @property
    def load(self) -> int:
        """Main cases that a reader reads, each counted once."""
        every = sum(case.kind == MAIN for case in self.cases)
        if self.kind == CROSSED or self.cases_per_reader is None:
            return every
        return min(self.cases_per_reader, every)

    @property
    def shared(self) -> int:
        """Main cases that every reader reads."""
        return {CROSSED: self.load, BLOCKS: self.anchors, QUOTA: 0}[self.kind]


class Place(NamedTuple):
    """Where a case stands for a reader. `position` and `block` count from 1 and run on through
    sessions and phases; the k-th character of `layout` is the image under the k-th label."""

    case_number: int
    position: int
    block: int
    session: int
    occurrence: int
    layout: str


class Problem(NamedTuple):
    """Why a phase cannot be allocated: what is wrong, and the number that would still do."""

    code: str
    limit: int


def problems(phase: PhasePlan) -> list[Problem]:
    return list(_problems(phase))


def _problems(phase: PhasePlan) -> Iterator[Problem]:
    mains = len(phase.of_kind(MAIN))
    if phase.kind == BLOCKS and phase.anchors > phase.load:
        yield Problem("too_many_anchors", phase.load)
    if phase.repeats > phase.load:
        yield Problem("too_many_repeats", phase.load)
    elif phase.repeats and phase.minimum_lag < 1:
        yield Problem("lag_too_short", 1)
    elif phase.repeats and phase.minimum_lag > phase.load - phase.repeats + 1:
        yield Problem("lag_too_long", phase.load - phase.repeats + 1)
    again = phase.second_session_cases
    if phase.sessions > 1 and again is not None and again > phase.load:
        yield Problem("too_many_in_second_session", phase.load)
    catches = len(phase.of_kind(CATCH))
    fewest = phase.load if phase.sessions == 1 or again is None else min(again, phase.load)
    if catches > fewest:
        yield Problem("too_many_catch_trials", fewest)
    if mains and not phase.load:
        yield Problem("nothing_to_read", 1)


def ordinals(values: Iterable[Hashable]) -> Mapping[Hashable, int]:
    """0, 1, 2, … in the order of first appearance."""
    return {value: place for place, value in enumerate(dict.fromkeys(values))}


def by_stratum(cases: Iterable[PlannedCase]) -> list[list[int]]:
    """Case numbers by arm and, within an arm, by body part; each in the order in which it first
    appears among the case numbers."""
    ordered = sorted(cases, key=lambda case: case.number)
    arms = ordinals(case.arm for case in ordered)
    parts = ordinals(case.body_part for case in ordered)
    strata: dict[tuple[int, int], list[int]] = {}
    for case in ordered:
        strata.setdefault((arms[case.arm], parts[case.body_part]), []).append(case.number)
    return [strata[key] for key in sorted(strata)]
