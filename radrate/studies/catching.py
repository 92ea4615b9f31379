"""Catch trials of a study: cases whose answer nobody who looks can miss.

Beside real radiographs they are mutated references. In a phantom study a mutated film would be
known at a glance, so there they are phantoms of other campaigns with a plain defect.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import DomainError
from radrate.images.catching import catch_batch, make_catch_images
from radrate.images.models import Batch, Origin, Radiograph
from radrate.images.mutations import MUTATIONS
from radrate.studies import queries
from radrate.studies.matching.items import Item, alike
from radrate.studies.models import Case, CaseImage, Phase, ReaderStudy
from radrate.studies.services import locked, require

Design = Phase.Design
BESIDE = frozenset({Design.PAIR, Design.MULTIPLE, Design.PREFERENCE})
"""Designs in which an intact image stands beside what is mutated."""
LARGEST_DEFECT = 0.6  # share of the image: what covers more is a matter of the whole film


@dataclass(frozen=True, slots=True)
class Found:
    """The images of a catch trial: the intact ones first."""

    intact: tuple[Radiograph, ...]
    wrong: tuple[Radiograph, ...]


@transaction.atomic
def ask_for(*, actor: User, phase: Phase, number: int) -> None:
    """How many catch trials a phase of a draft is to have. Those that it has already are dropped,
    and made by the next lock."""
    study = locked(phase.study)
    require(study, ReaderStudy.State.DRAFT)
    Phase.objects.filter(pk=phase.pk).update(catch_trials=number)
    phase.cases.filter(kind=Case.Kind.CATCH).delete()
    record(actor=actor, verb="ask_for_catch_trials", target=study, phase=phase.position, n=number)


def fill_catch_trials(*, study: ReaderStudy, proceed: Callable[[], None] = lambda: None) -> None:
    """Make the catch trials that the phases still lack. Raises DomainError where too few images
    are left for them.

    `proceed` is called before each image and may raise to stop; a second call goes on where the
    first ended.
    """
    for phase in study.phases.select_related("study"):
        missing = phase.catch_trials - phase.cases.filter(kind=Case.Kind.CATCH).count()
        if missing <= 0:
            continue
        made = list(islice(_found(phase, proceed), missing))
        if len(made) < missing:
            raise DomainError(_too_few(phase, phase.catch_trials - missing + len(made)))
        _store(phase, made)


def _too_few(phase: Phase, number: int) -> str:
    real = phase.study.reference_origin == Origin.REAL
    what_to_do = (
        _("Import more radiographs of what the cases show, or ask for fewer.")
        if real
        else _("Run another campaign of phantoms with defects, or ask for fewer.")
    )
    words = {"asked": phase.catch_trials, "possible": number}
    told = _("Of %(asked)d catch trials only %(possible)d can be made.") % words
    return f"{told} {what_to_do}"


def _found(phase: Phase, proceed: Callable[[], None]) -> Iterator[Found]:
    """One catch trial after the other, of images that no case of the study is kin to and that show
    what its cases show."""
    study = phase.study
    views = set(phase.cases.values_list("body_part_examined", "view_position"))
    free = [one for one in queries.items(queries.references(study)) if _view(one) in views]
    shown = queries.items(Radiograph.objects.filter(pk__in=queries.shown_ids(study)))
    taken = _Taken(shown, study.matching_rules)
    if study.reference_origin == Origin.REAL:
        return _mutated(phase, _seeded(study.seed, free), taken, proceed)
    return _defective(phase, _seeded(study.seed, free), taken)


def _view(one: Item) -> tuple[str, str]:
    return one.attributes["body_part_examined"], one.attributes["view_position"]


def _seeded(seed: int, free: Iterable[Item]) -> list[Item]:
    return sorted(free, key=lambda one: hashlib.sha256(f"{seed}:catch:{one.id}".encode()).digest())


class _Taken:
    """What is used, so that no reader sees the same image or person twice."""

    def __init__(self, used: Iterable[Item], rules: Mapping[str, str]) -> None:
        self._family: set[UUID | str] = set()
        self._rules = rules
        self.add(used)

    def add(self, used: Iterable[Item]) -> None:
        for one in used:
            self._family |= one.kin | one.subjects

    def left(self, items: Iterable[Item]) -> Iterator[Item]:
        """Each that is still free when its turn comes."""
        return (one for one in items if not (one.kin | one.subjects) & self._family)

    def fitting(self, first: Item, items: Iterable[Item], number: int) -> list[Item] | None:
        """So many more that are free, alike and no kin of each other; None if there are fewer."""
        group, traits = [first], first.traits(self._rules)
        for one in self.left(items):
            if len(group) > number:
                break
            fits = alike(traits, one.traits(self._rules), self._rules)
            if fits and not any(one.related_to(other) for other in group):
                group.append(one)
        return group[1:] if len(group) > number else None


def _intact_images(phase: Phase) -> int:
    """How many images of a catch trial are intact; the others are not."""
    return int(phase.design in BESIDE)


def _mutated(
    phase: Phase, free: Sequence[Item], taken: _Taken, proceed: Callable[[], None]
) -> Iterator[Found]:
    study = phase.study
    title = _("Catch trials of %(title)s") % {"title": study.neutral_title}
    batch = catch_batch(actor=study.manager, held_by=study.pk, title=title)
    wrong = phase.images - _intact_images(phase)
    mutations = cycle(["bone_removed"] if phase.design == Design.FIND_EDIT else MUTATIONS)
    for first in taken.left(free):
        others = taken.fitting(first, free, phase.images - 1)
        if others is None:
            continue
        images = _loaded([first, *others])
        wanted = list(zip(images[:wrong], mutations, strict=False))
        made = make_catch_images(batch=batch, wanted=wanted, seed=study.seed, proceed=proceed)
        ready = [image for image in made if image is not None]
        if len(ready) == wrong:
            taken.add([first, *others])
            yield Found(tuple(images[wrong:]), tuple(ready))


def _defective(phase: Phase, free: Sequence[Item], taken: _Taken) -> Iterator[Found]:
    """The plainest defects first."""
    intact = _intact_images(phase)
    plain = _plain_phantoms({_view(one) for one in free})
    known = {one.id: one for one in queries.items(Radiograph.objects.filter(pk__in=plain))}
    defective = [known[pk] for pk in plain]
    for first in taken.left(defective):
        worse = taken.fitting(first, defective, phase.images - intact - 1)
        beside = taken.fitting(first, free, intact)
        if worse is None or beside is None:
            continue
        taken.add([first, *worse, *beside])
        yield Found(tuple(_loaded(beside)), tuple(_loaded([first, *worse])))


def _plain_phantoms(views: Iterable[tuple[str, str]]) -> list[UUID]:
    """Phantoms of these body parts and views with a defect at full strength, whatever campaign made
    them; those whose defect covers most of the image first."""
    shown = Q()
    for part, view in views:
        shown |= Q(body_part_examined=part, view_position=view)
    defective = Radiograph.objects.filter(
        shown,
        batch__kind=Batch.Kind.CAMPAIGN,
        origin=Origin.SYNTHETIC,
        state=Radiograph.State.ACCEPTED,
        provenance__metadata__strength=1,
        edited_share__lte=LARGEST_DEFECT,
    ).exclude(provenance__metadata__defect="")
    return list(defective.order_by("-edited_share", "pk").values_list("pk", flat=True))


def _loaded(items: Sequence[Item]) -> list[Radiograph]:
    rows = Radiograph.objects.in_bulk([one.id for one in items])
    return [rows[one.id] for one in items]


@transaction.atomic
def _store(phase: Phase, made: Sequence[Found]) -> None:
    first = queries.next_case_number(phase.study)
    for number, found in enumerate(made, first):
        shown = found.wrong[0]
        case = Case.objects.create(
            study=phase.study,
            phase=phase,
            number=number,
            kind=Case.Kind.CATCH,
            body_part_examined=shown.body_part_examined,
            view_position=shown.view_position,
        )
        CaseImage.objects.bulk_create(
            CaseImage(
                case=case,
                number=place,
                radiograph=image,
                is_reference=image in found.intact,
            )
            for place, image in enumerate((*found.intact, *found.wrong), start=1)
        )
