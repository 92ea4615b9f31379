"""What a manager does to a draft: phases, campaigns, settings. Nobody else, and never later."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import DomainError, NotAllowed
from radrate.images.models import Batch
from radrate.images.queries import campaigns_read_blind
from radrate.studies import designing
from radrate.studies.models import Arm, Case, Phase, ReaderStudy
from radrate.studies.services import build_cases, locked, require

ONE_IMAGE = (Phase.Design.SINGLE, Phase.Design.RATING, Phase.Design.FIND_EDIT)
DECIDE_CASES = frozenset({"design", "images", "case_limit", "same_images_as"})
DECIDE_STUDY_CASES = frozenset({"seed", "matching_rules"})


def own_draft(actor: User, study: ReaderStudy) -> ReaderStudy:
    """The study as it is now, held until the transaction ends."""
    study = locked(study)
    if study.manager_id != actor.pk:
        raise NotAllowed(_("Only the manager of a study changes it."))
    require(study, ReaderStudy.State.DRAFT)
    return study


@transaction.atomic
def add_phase(
    *, actor: User, study: ReaderStudy, arms: Sequence[Arm] = (), **options: Any
) -> Phase:
    """Append a phase and make the cases. `options` as `designing.add_phase` takes them."""
    study = own_draft(actor, study)
    phase = designing.add_phase(study=study, **options)
    _use_arms(phase, arms)
    _check_same_images(study)
    record(actor=actor, verb="add_phase", target=study, position=phase.position)
    build_cases(study=study)
    return phase


@transaction.atomic
def change_phase(
    *, actor: User, phase: Phase, arms: Sequence[Arm] | None = None, **options: Any
) -> Phase:
    """Change fields of a phase; the cases are made anew where that decides them."""
    study = own_draft(actor, phase.study)
    phase = study.phases.get(pk=phase.pk)
    changed = {name for name, value in options.items() if getattr(phase, name) != value}
    for name in changed:
        setattr(phase, name, options[name])
    if "design" in changed and "images" not in options:
        phase.images = designing.IMAGES.get(phase.design, 1)
    phase.study = study
    designing.set_verdict(phase)
    phase.save()
    if {"design", "images"} & changed:
        phase.cases.filter(kind=Case.Kind.TRAINING).delete()
    if arms is not None and {arm.pk for arm in arms} != set(
        phase.arms.values_list("pk", flat=True)
    ):
        _use_arms(phase, arms)
        changed.add("arms")
    _check_same_images(study)
    if not changed:
        return phase
    record(
        actor=actor,
        verb="change_phase",
        target=study,
        position=phase.position,
        what=sorted(changed),
    )
    if changed & (DECIDE_CASES | {"arms"}):
        build_cases(study=study)
    return phase


@transaction.atomic
def remove_phase(*, actor: User, phase: Phase) -> None:
    study = own_draft(actor, phase.study)
    if study.phases.count() == 1:
        raise DomainError(_("A study has at least one phase."))
    record(actor=actor, verb="remove_phase", target=study, position=phase.position)
    study.phases.get(pk=phase.pk).delete()
    _number(list(study.phases.all()))
    build_cases(study=study)


@transaction.atomic
def move_phase(*, actor: User, phase: Phase, by: int) -> None:
    """Move a phase `by` places down, or up where negative. Earlier phases choose images first, so
    the cases are made anew."""
    study = own_draft(actor, phase.study)
    order = list(study.phases.all())
    place = order.index(phase)
    target = min(max(place + by, 0), len(order) - 1)
    if target == place:
        return
    order.insert(target, order.pop(place))
    _number(order)
    _check_same_images(study)
    record(actor=actor, verb="move_phase", target=study, position=place + 1, to=target + 1)
    build_cases(study=study)


def _number(phases: Sequence[Phase]) -> None:
    for position, phase in enumerate(phases, start=1):
        Phase.objects.filter(pk=phase.pk).exclude(position=position).update(position=position)


@transaction.atomic
def change_settings(
    *, actor: User, study: ReaderStudy, batches: Sequence[Batch] | None = None, **options: Any
) -> ReaderStudy:
    """Change the name, seed, block size, matching rules or places for readers, and which
    campaigns are under test."""
    study = own_draft(actor, study)
    changed = {name for name, value in options.items() if getattr(study, name) != value}
    for name in changed:
        setattr(study, name, options[name])
    if changed:
        study.save(update_fields=sorted(changed))
    if batches is not None and _use_batches(actor, study, batches):
        changed.add("campaigns")
    if not changed:
        return study
    record(actor=actor, verb="change_settings", target=study, what=sorted(changed))
    if changed & (DECIDE_STUDY_CASES | {"campaigns"}):
        build_cases(study=study)
    return study


def _use_batches(actor: User, study: ReaderStudy, batches: Sequence[Batch]) -> bool:
    """Whether the campaigns are others now. Phases of a campaign that goes lose it."""
    wanted = {batch.pk for batch in batches}
    had = set(study.batches.values_list("pk", flat=True))
    if wanted == had:
        return False
    if campaigns_read_blind(actor).filter(pk__in=wanted).exists():
        raise NotAllowed(_("Whoever reads images of a campaign blind cannot test it."))
    if Batch.objects.filter(pk__in=wanted).exclude(kind=Batch.Kind.CAMPAIGN).exists():
        raise DomainError(_("Only campaigns can be tested."))
    study.cases.exclude(kind=Case.Kind.TRAINING).delete()
    study.cases.filter(images__arm__batch__in=had - wanted).delete()
    study.arms.filter(batch__in=had - wanted).delete()
    study.batches.set(wanted)
    designing.add_arms(study, wanted - had)
    return True


def _use_arms(phase: Phase, arms: Sequence[Arm]) -> None:
    """None named: all."""
    if any(arm.study_id != phase.study_id for arm in arms):
        raise DomainError(_("A phase shows campaigns of its own study only."))
    phase.arms.set(arms)


def _check_same_images(study: ReaderStudy) -> None:
    """What is shown again was shown before, one image at a time, and is no repetition itself."""
    phases = {phase.pk: phase for phase in study.phases.all()}
    for phase in phases.values():
        if phase.same_images_as_id is None:
            continue
        source = phases.get(phase.same_images_as_id)
        if source is None or source.position >= phase.position:
            raise DomainError(_("A phase shows again what an earlier phase has shown."))
        if phase.design not in ONE_IMAGE or source.design not in ONE_IMAGE:
            raise DomainError(
                _("Only designs with one image a case can show the same images again.")
            )
        if source.same_images_as_id is not None:
            raise DomainError(_("Show the images of the first of these phases again."))
