"""Which images stand together in the cases of a phase, by its design."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from radrate.studies import queries
from radrate.studies.matching import Item, choose, match, multiply, prefer
from radrate.studies.models import CaseImage, Phase

Design = Phase.Design
Sets = Sequence[tuple[UUID, ...]]
"""Images of each case, the reference first."""
Cast = tuple[Sets, Mapping[UUID, str]]
"""The sets, and for each candidate that is left the reason."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a phase may choose from: images under test by arm, and references; and what the study's
    readers are shown elsewhere, to which nothing may be related."""

    phase: Phase
    arms: Sequence[Sequence[Item]]
    references: Sequence[Item]
    shown: Sequence[Item]

    @property
    def candidates(self) -> list[Item]:
        return [item for arm in self.arms for item in arm]

    @property
    def rules(self) -> Mapping[str, str]:
        return self.phase.study.matching_rules

    @property
    def seed(self) -> int:
        return self.phase.study.seed


def sets_of(phase: Phase) -> Cast:
    """The same sets as another phase shows, if the phase is to and can; else new ones."""
    other = phase.same_images_as
    if other and (other.design, other.images) == (phase.design, phase.images):
        sets: dict[int, list[UUID]] = {}
        shown = CaseImage.objects.filter(case__phase=other, case__kind="main")
        for number, pk in shown.order_by("case__number", "number").values_list(
            "case__number", "radiograph"
        ):
            sets.setdefault(number, []).append(pk)
        return [tuple(images) for images in sets.values()], {}
    return CASTS[phase.design](sought(phase))


def sought(phase: Phase) -> Sought:
    candidates, references = queries.candidates(phase), queries.references(phase.study)
    own = Q(case__phase=phase, case__kind="main")
    elsewhere = CaseImage.objects.filter(case__study=phase.study).exclude(own)
    if phase.same_images_as:
        source = phase.same_images_as
        again = CaseImage.objects.filter(case__phase=source, case__kind="main").values("radiograph")
        candidates, references = candidates.filter(pk__in=again), references.filter(pk__in=again)
        family = Q(case__phase=source) | Q(case__phase__same_images_as=source)
        elsewhere = elsewhere.exclude(family, case__kind="main")
    batch_of = dict(candidates.values_list("pk", "batch"))
    arms: dict[UUID, list[Item]] = {
        arm.batch_id: [] for arm in (phase.arms.all() or phase.study.arms.all())
    }
    for item in queries.items(candidates):
        arms[batch_of[item.id]].append(item)
    return Sought(
        phase=phase,
        arms=list(arms.values()),
        references=queries.items(references),
        shown=queries.shown_items(elsewhere),
    )


def _pairs(sought: Sought) -> Cast:
    found = match(
        candidates=sought.candidates,
        references=sought.references,
        rules=sought.rules,
        seed=sought.seed,
        shown=sought.shown,
    )
    return [(reference, candidate) for candidate, reference in found.pairs], found.unmatched


def _singles(sought: Sought) -> Cast:
    """As many references as candidates, of the same kinds, so that what an image shows does not
    tell which it is."""
    pairs, left = _pairs(sought)
    return [(image,) for pair in pairs for image in pair], left


def _rated(sought: Sought) -> Cast:
    """As single images; and the candidates that no reference is like as well."""
    sets, left = _singles(sought)
    used = {pk for images in sets for pk in images}
    taken = [item for item in [*sought.candidates, *sought.references] if item.id in used]
    rest = [item for item in sought.candidates if item.id in left]
    more = choose(items=rest, seed=sought.seed, shown=[*sought.shown, *taken])
    return [*sets, *more.cases], more.left


def _multiples(sought: Sought) -> Cast:
    """Beside the reference images of different arms, if there are just as many arms; else all of
    the same arm."""
    found = multiply(
        arms=sought.arms,
        references=sought.references,
        images=sought.phase.images,
        across=len(sought.arms) == sought.phase.images - 1,
        rules=sought.rules,
        seed=sought.seed,
        shown=sought.shown,
    )
    return found.cases, found.left


def _preferences(sought: Sought) -> Cast:
    found = prefer(arms=sought.arms, rules=sought.rules, seed=sought.seed, shown=sought.shown)
    return found.cases, found.left


def _edits(sought: Sought) -> Cast:
    found = choose(items=sought.candidates, seed=sought.seed, shown=sought.shown)
    return found.cases, found.left


CASTS: dict[str, Callable[[Sought], Cast]] = {
    Design.PAIR: _pairs,
    Design.SINGLE: _singles,
    Design.MULTIPLE: _multiples,
    Design.PREFERENCE: _preferences,
    Design.RATING: _rated,
    Design.FIND_EDIT: _edits,
}
