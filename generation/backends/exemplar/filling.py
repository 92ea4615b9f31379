"""The n answers to a request to inpaint: which candidate, in which variant, for which seed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from generation.backends.exemplar.answer import NO_OTHER, Answer
from generation.backends.exemplar.candidates import Candidate, shortfall
from generation.backends.exemplar.inpainting import Hole
from generation.backends.exemplar.variety import Answers

VARIANTS = 4  # of one candidate, itself included
PHANTOMS_TRIED = 2  # in vain, before no more are rendered
TRIES = 3  # for one output


@dataclass
class Filling:
    """`phantom` is the region and view of phantoms that may help, None where there are none."""

    hole: Hole
    phantom: tuple[str, str] | None
    spacing: float | None
    made: Answers = field(init=False)

    def __post_init__(self) -> None:
        self.made = Answers(self.hole.known)

    def answers(self, seeds: Sequence[int]) -> list[Answer]:
        """One an output. Films and shafts first, then variants of them, then phantoms."""
        self.hole.weigh()
        found = []
        for number, seed in enumerate(seeds):
            found.append(self._answer(seed))
            self.hole.between((number + 1) / len(seeds))
        return found

    def _answer(self, seed: int) -> Answer:
        for turn in range(TRIES):
            choice = self._choice(seed, turn)
            if choice is None:
                break
            candidate, variant = choice
            image = self.hole.answer(candidate, variant, seed)
            new = self.made.accepts(image)
            if new or candidate.may_repeat:
                guides = (candidate.guide,) if candidate.guide else ()
                told = {**candidate.told(), "variant": variant, "repeats": not new}
                return Answer(image, guides=guides, told={**told, "weighed": self._weighed()})
        reason = NO_OTHER if self.made.seen else shortfall(self.hole.candidates)
        return Answer(unsupported=reason)

    def _choice(self, seed: int, turn: int) -> tuple[Candidate, int] | None:
        """The accepted candidate least used so far; a phantom of the seed's own where none is."""
        accepted = [one for one in self.hole.candidates if one.accepted]
        films = [one for one in accepted if one.method != "phantom"]
        choice = self._least_used(films, seed)
        if choice is None and turn == 0 and self._phantoms_may_help(accepted):
            person = self.hole.phantom(self.phantom, seed, self.spacing)
            if person and person.accepted:
                self.made.taken[_key(person)] += 1
                return person, 0
        return choice or self._least_used(accepted, seed)

    def _phantoms_may_help(self, accepted: Sequence[Candidate]) -> bool:
        """Until some have been tried and none was accepted."""
        if self.phantom is None or self.hole.is_small:
            return False
        tried = sum(one.method == "phantom" for one in self.hole.candidates)
        return tried < PHANTOMS_TRIED or any(one.method == "phantom" for one in accepted)

    def _least_used(
        self, candidates: Sequence[Candidate], seed: int
    ) -> tuple[Candidate, int] | None:
        by_key = {
            _key(one): one
            for one in candidates
            if one.may_repeat or self.made.taken[_key(one)] < VARIANTS
        }
        if not by_key:
            return None
        key, variant = self.made.least_taken(list(by_key), seed)
        self.made.taken[key] += 1
        return by_key[key], variant

    def _weighed(self) -> list[dict[str, object]]:
        return [
            {"method": one.method, "exemplar": one.name, "score": round(one.score, 3)}
            for one in self.hole.candidates
        ]


def _key(candidate: Candidate) -> str:
    return f"{candidate.method} {candidate.guide or candidate.name}"
