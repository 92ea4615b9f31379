"""The training block: examples whose truth a reader is told after answering.

Their images, and whatever is kin to them, stay out of the study.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import DomainError
from radrate.images.models import Radiograph
from radrate.studies import casting, queries
from radrate.studies.choosing import sets_of
from radrate.studies.models import Case, CaseImage, Phase, ReaderStudy
from radrate.studies.services import build_cases, locked, require

State = ReaderStudy.State


@transaction.atomic
def add_example(
    *, actor: User, phase: Phase, images: Sequence[Radiograph], explanation: str = ""
) -> Case:
    """Add a training case of these images and match the study anew without them. Raises
    DomainError.

    The reference comes first, where the design has one. `explanation` is told after the answer.
    """
    study = locked(phase.study)
    require(study, State.DRAFT)
    _check(phase, images)
    case = _store(phase, images, explanation)
    record(actor=actor, verb="add_example", target=study, case=case.number)
    build_cases(study=study)
    return case


def use_case(*, actor: User, case: Case) -> Case:
    """Make an example of a case's images; the case itself goes when the study is matched anew."""
    images = [one.radiograph for one in case.images.select_related("radiograph")]
    return add_example(actor=actor, phase=case.phase, images=images)


@transaction.atomic
def choose_examples(*, actor: User, phase: Phase, each: int = 1) -> list[Case]:
    """Add up to `each` training cases for every body part that the phase has, chosen by the study's
    seed among what could be its cases; the study is matched anew without them."""
    study = locked(phase.study)
    require(study, State.DRAFT)
    sets, _left = sets_of(phase)
    loaded = {
        image.pk: image
        for image in Radiograph.objects.filter(pk__in={pk for images in sets for pk in images})
    }
    cases = [
        _store(phase, [loaded[pk] for pk in images], "")
        for images in _each_part(sets, loaded, each)
    ]
    record(actor=actor, verb="choose_examples", target=study, cases=[one.number for one in cases])
    build_cases(study=study)
    return cases


def _each_part(
    sets: Sequence[Sequence[UUID]], loaded: dict[UUID, Radiograph], each: int
) -> list[Sequence[UUID]]:
    """The first sets of each body part, in their order."""
    counts: dict[str, int] = {}
    chosen = []
    for images in sets:
        part = loaded[images[-1]].body_part_examined
        counts[part] = counts.get(part, 0) + 1
        if counts[part] <= each:
            chosen.append(images)
    return chosen


@transaction.atomic
def remove_example(*, actor: User, case: Case) -> None:
    """Take a training case out of a draft; its images may be matched again."""
    study = locked(case.study)
    require(study, State.DRAFT)
    if case.kind != Case.Kind.TRAINING:
        raise DomainError(_("Only examples are taken out one by one."))
    record(actor=actor, verb="remove_example", target=study, case=case.number)
    case.delete()
    build_cases(study=study)


@transaction.atomic
def explain(*, actor: User, case: Case, explanation: str) -> None:
    """Change what is told after a training case of a draft."""
    study = locked(case.study)
    require(study, State.DRAFT)
    changed = Case.objects.filter(pk=case.pk, kind=Case.Kind.TRAINING)
    if changed.update(explanation=explanation.strip()):
        record(actor=actor, verb="explain_example", target=study, case=case.number)


def _check(phase: Phase, images: Sequence[Radiograph]) -> None:
    study = phase.study
    if len(images) != phase.images or len({image.pk for image in images}) != len(images):
        raise DomainError(_("An example of this phase has %(n)d images.") % {"n": phase.images})
    if any(image.state != Radiograph.State.ACCEPTED for image in images):
        raise DomainError(_("An image that is not accepted cannot be an example."))
    tested = [casting.is_tested(image, study) for image in images]
    asks_which = phase.design in (Phase.Design.PAIR, Phase.Design.MULTIPLE)
    if asks_which and tested != [False] + [True] * (len(images) - 1):
        raise DomainError(_("Exactly the first image of an example is a reference."))
    if phase.design == Phase.Design.FIND_EDIT and not images[0].edited_region:
        raise DomainError(_("Of this image it is not known where it was changed."))
    used = {pk for one in queries.training_items(study) for pk in one.kin}
    if any(image.pk in used for image in images):
        raise DomainError(_("One of these images stands in another example."))


def _store(phase: Phase, images: Sequence[Radiograph], explanation: str) -> Case:
    """Examples are numbered before everything else is matched; the numbers stay."""
    study = phase.study
    shown = images[-1]
    case = Case.objects.create(
        study=study,
        phase=phase,
        number=queries.next_case_number(study),
        kind=Case.Kind.TRAINING,
        explanation=explanation.strip(),
        body_part_examined=shown.body_part_examined,
        view_position=shown.view_position,
    )
    arms = {arm.batch_id: arm for arm in study.arms.all()}
    CaseImage.objects.bulk_create(
        CaseImage(
            case=case,
            number=number,
            radiograph=image,
            arm=arms.get(image.batch_id),
            is_reference=not casting.is_tested(image, study),
        )
        for number, image in enumerate(images, start=1)
    )
    return case
