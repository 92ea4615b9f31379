"""The n answers to a request to outpaint: at once, or step by step where the margins are wide."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

import numpy as np

from generation.backends.base import Anatomy
from generation.backends.exemplar import regions
from generation.backends.exemplar.answer import NO_OTHER, Answer
from generation.backends.exemplar.candidates import (
    Candidate,
    shortfall,
)
from generation.backends.exemplar.exemplars import Exemplar, of_phantom, phantom_key
from generation.backends.exemplar.growth import Growth
from generation.backends.exemplar.pixels import Floats, resized, scaled, sealed
from generation.backends.exemplar.sides import Margins
from generation.backends.exemplar.tones import grain
from generation.backends.exemplar.variety import Answers
from generation.backends.exemplar.walking import Walk

WORKING_SIDE = 1024
AT_ONCE = 0.75  # of the source's extent that may be added in one go
A_STEP = 0.5  # of it that one step adds
MOST_STEPS = 12
TRIES = 6  # for one output

Gather = Callable[[str, tuple[str, ...]], Sequence[Exemplar]]  # (side, parts) → what may lead


@dataclass
class Extension:
    """One source with margins, in full size.

    `gather` finds exemplars: ("", ()) those of the source's own region, (side, parts) those that
    adjoin. `steps` 0 means as many as the margins need.
    """

    source: Floats
    margins: Margins
    anatomy: Anatomy
    gather: Gather
    steps: int = 0
    between: Callable[[float], None] = lambda _fraction: None
    factor: float = field(init=False)
    small: Floats = field(init=False)
    small_margins: Margins = field(init=False)
    made: Answers = field(init=False)

    def __post_init__(self) -> None:
        self.factor = min(1.0, WORKING_SIDE / max(self.source.shape))
        self.small = scaled(self.source, self.factor)
        self.small_margins = self.margins.scaled(self.factor)
        known = np.zeros(self.margins.canvas(self.source.shape), bool)
        known[self.margins.box(self.source.shape)] = True
        self.known = known
        self.made = Answers(known)

    @property
    def part(self) -> str:
        return self.anatomy.body_part_examined

    def steps_of(self, side: str) -> int:
        """Into how many steps a side is divided."""
        extent = self.source.shape[0 if side in ("top", "bottom") else 1]
        wide = self.margins.of(side) / extent
        if self.steps:
            return self.steps
        return 1 if wide <= AT_ONCE else min(MOST_STEPS, ceil(wide / A_STEP))

    def answers(self, seeds: Sequence[int]) -> list[Answer]:
        if any(self.steps_of(side) > 1 for side in self.margins.sides):
            return [self._stepwise(seed) for seed in seeds]
        growth = self._growth()
        growth.weigh()
        self._ask_phantoms(growth, seeds)
        found = []
        for number, seed in enumerate(seeds):
            found.append(self._at_once(growth, seed))
            self.between((number + 1) / len(seeds))
        return found

    def _ask_phantoms(self, growth: Growth, seeds: Sequence[int]) -> None:
        """Phantoms of the source's own region, one a seed, where nothing else is accepted."""
        key = phantom_key(self.anatomy)
        for seed in seeds if key and growth.lacking else ():
            growth.add(of_phantom(key, seed))
            if growth.lacking:  # the persons of a phantom differ less than it from the source
                return

    def _growth(self) -> Growth:
        exemplars = list(self.gather("", ()))
        for side in self.small_margins.sides:
            exemplars += self.gather(side, regions.BEYOND.get((self.part, side), ()))
        shafts = regions.shafts(self.part, self.anatomy.view_position)
        return Growth(self.small, self.small_margins, exemplars, shafts, between=self.between)

    def _at_once(self, growth: Growth, seed: int) -> Answer:
        for side in growth.lacking:
            return Answer(unsupported=f"{side}: {shortfall(growth.candidates[side])}")
        for turn in range(TRIES):
            chosen = {
                side: self._least_used(side, candidates, seed)
                for side, candidates in growth.candidates.items()
            }
            image = self._enlarged(growth.answer(chosen, seed), seed)
            new = self.made.accepts(image)
            ways = [one for one, _variant in chosen.values()]
            tried = turn == TRIES - 1 or all(one.method == "air" for one in ways)
            if new or (tried and all(one.may_repeat for one in ways)):
                return _told(image, chosen, repeats=not new)
        return Answer(unsupported=NO_OTHER)

    def _least_used(
        self, side: str, candidates: Sequence[Candidate], seed: int
    ) -> tuple[Candidate, int]:
        by_key = {f"{side} {one.name} {one.guide}": one for one in candidates if one.accepted}
        key, variant = self.made.least_taken(list(by_key), seed)
        self.made.taken[key] += 1
        return by_key[key], variant

    def _enlarged(self, canvas: Floats, seed: int) -> Floats:
        """The canvas in full size around the untouched source."""
        whole = np.zeros(self.known.shape, np.float32)
        box = self.margins.box(self.source.shape)
        whole[box] = self.source
        if self.factor == 1:
            return np.where(self.known, whole, canvas).astype(np.float32)
        fill = resized(canvas, self.known.shape)
        filled = sealed(whole, self.known, fill, reach=0.02)
        lost = max(0.0, 1 - 1.2 * self.factor)
        noise = lost * grain(whole, self.known, np.random.default_rng(seed)) if lost else 0.0
        return np.where(self.known, whole, filled + noise).astype(np.float32)

    def _stepwise(self, seed: int) -> Answer:
        walk = Walk(self, seed)
        for side in self.small_margins.sides:
            reason = walk.along(side)
            if reason:
                return Answer(unsupported=reason)
        image = self._enlarged(walk.canvas, seed)
        new = self.made.accepts(image)
        if not new and not walk.may_repeat:
            return Answer(unsupported=NO_OTHER)
        return replace(walk.answer(), image=image)


def _told(image: Floats, chosen: Mapping[str, tuple[Candidate, int]], *, repeats: bool) -> Answer:
    told = {side: {**one.told(), "variant": variant} for side, (one, variant) in chosen.items()}
    guides = tuple(dict.fromkeys(one.guide for one, _variant in chosen.values() if one.guide))
    lowest = min((one for one, _variant in chosen.values()), key=lambda one: one.score)
    method = "+".join(dict.fromkeys(one.method for one, _variant in chosen.values()))
    whole = {"method": method, "score": round(lowest.score, 3), "threshold": lowest.threshold}
    return Answer(image, guides=guides, told={**whole, "sides": told, "repeats": repeats})
