"""Writes of studies before they are read: design, pairs, readers."""

import secrets
from collections.abc import Mapping, Sequence
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import Conflict, DomainError, NotAllowed
from radrate.images.models import Batch
from radrate.images.queries import campaigns_read_blind
from radrate.images.services import set_embargo
from radrate.locks import one_at_a_time
from radrate.studies import queries
from radrate.studies.allocation import PhasePlan, PlannedCase, plan
from radrate.studies.matching import DEFAULT_RULES, match
from radrate.studies.models import (
    Arm,
    Assignment,
    Case,
    ReaderStudy,
    StudyReader,
    Unmatched,
)
from radrate.studies.rubrics import default_rubric

State = ReaderStudy.State
READABLE = (State.LOCKED, State.OPEN, State.PAUSED)


@transaction.atomic
def create_study(
    *,
    actor: User,
    name: str,
    task: str,
    batches: Sequence[Batch],
    seed: int | None = None,
    block_size: int = 12,
    matching_rules: Mapping[str, str] = DEFAULT_RULES,
) -> ReaderStudy:
    """A draft with its pairs. `batches` are the campaigns whose images are under test."""
    if not batches:
        raise DomainError(_("Choose at least one campaign whose images are to be judged."))
    if campaigns_read_blind(actor).filter(pk__in=[batch.pk for batch in batches]).exists():
        raise NotAllowed(_("Whoever reads images of a campaign blind cannot test it."))
    one_at_a_time("create-study")
    study = ReaderStudy.objects.create(
        number=queries.next_number(),
        name=name,
        task=task,
        manager=actor,
        matching_rules=dict(matching_rules),
        rubric=default_rubric(task),
        seed=secrets.randbits(48) if seed is None else seed,
        block_size=block_size,
    )
    study.batches.set(batches)
    record(actor=actor, verb="create", target=study, name=name)
    build_cases(study=study)
    return study


def locked(study: ReaderStudy) -> ReaderStudy:
    """The study as it is now; nobody else changes its state until the transaction ends."""
    return ReaderStudy.objects.select_for_update().get(pk=study.pk)


@transaction.atomic
def match_again(*, actor: User, study: ReaderStudy) -> None:
    """Make the pairs anew, with what the library and the campaigns hold now."""
    build_cases(study=locked(study))
    record(actor=actor, verb="match", target=study)


@transaction.atomic
def build_cases(*, study: ReaderStudy) -> None:
    """Match candidates and references anew; store the pairs and what was left, with reasons."""
    _require(study, State.DRAFT)
    study.unmatched.all().delete()
    study.cases.all().delete()
    study.arms.all().delete()
    arms = {
        batch.pk: Arm.objects.create(study=study, batch=batch, label=batch.title)
        for batch in study.batches.order_by("created_at")
    }
    shown = {candidate.pk: candidate for candidate in queries.candidates(study)}
    matching = match(
        candidates=queries.items(queries.candidates(study)),
        references=queries.items(queries.references(study)),
        rules=study.matching_rules,
        seed=study.seed,
    )
    Case.objects.bulk_create(
        Case(
            study=study,
            arm=arms[shown[candidate].batch_id],
            number=number,
            candidate_id=candidate,
            reference_id=reference,
            body_part_examined=shown[candidate].body_part_examined,
            view_position=shown[candidate].view_position,
        )
        for number, (candidate, reference) in enumerate(matching.pairs, start=1)
    )
    Unmatched.objects.bulk_create(
        Unmatched(study=study, radiograph_id=pk, reason=reason)
        for pk, reason in matching.unmatched.items()
    )


@transaction.atomic
def add_reader(*, actor: User, study: ReaderStudy, user: User) -> StudyReader:
    """Enrol a reader. In a locked study the allocation for the new slot is made at once."""
    study = locked(study)
    if study.state not in (State.DRAFT, *READABLE):
        raise Conflict(_("Readers can be added until the study is closed."))
    _refuse_unblind(study, user)
    last = study.readers.order_by("-slot").values_list("slot", flat=True).first()
    try:
        with transaction.atomic():
            reader = StudyReader.objects.create(
                study=study, user=user, slot=0 if last is None else last + 1
            )
    except IntegrityError as error:
        raise Conflict(_("%(user)s reads this study already.") % {"user": user}) from error
    record(actor=actor, verb="add_reader", target=study, reader=user.pk)
    if study.state in READABLE:
        admit(reader=reader)
    return reader


@transaction.atomic
def remove_reader(*, actor: User, study: ReaderStudy, reader: StudyReader) -> None:
    """Take a reader out of a draft. Later a reader withdraws instead."""
    _require(locked(study), State.DRAFT)
    record(actor=actor, verb="remove_reader", target=study, reader=reader.user_id)
    reader.delete()


def admit(*, reader: StudyReader) -> None:
    """Allocate the reader's slot and keep the study's images from the reader's eyes elsewhere."""
    study = reader.study
    _refuse_unblind(study, reader.user)
    cases = dict(study.cases.values_list("number", "pk"))
    planned = tuple(PlannedCase(n, arm=arm) for n, arm in queries.numbered_arms(study))
    phase = PhasePlan(1, planned, images=2, block_size=study.block_size)
    (places,) = islice(
        plan(phases=[phase], seed=study.seed, planned=0), reader.slot, reader.slot + 1
    )
    Assignment.objects.bulk_create(
        (
            Assignment(
                study_reader=reader,
                case_id=cases[place.case_number],
                position=place.position,
                block=place.block,
                reference_side="AB"[place.layout.index("1")],
            )
            for place in places
        ),
        batch_size=2000,
    )
    set_embargo(user=reader.user, ids=queries.image_ids(study), held_by=study.pk)


def _refuse_unblind(study: ReaderStudy, user: User) -> None:
    """A reader must not know what the study hides."""
    if not user.is_active:
        raise NotAllowed(_("%(user)s has no active account.") % {"user": user})
    why = queries.refused_as_reader(study, user)
    if why == "manages":
        raise NotAllowed(_("%(user)s manages this study and cannot read it.") % {"user": user})
    if why == "has_seen":
        raise NotAllowed(
            _("%(user)s has opened images of this study and cannot read it blind.") % {"user": user}
        )
    if why == "reads_it_elsewhere":
        raise NotAllowed(
            _("%(user)s reads, or has read, images or persons of this study in another one.")
            % {"user": user}
        )


def _require(study: ReaderStudy, *states: str) -> None:
    if study.state not in states:
        raise Conflict(
            _("This cannot be done while the study is %(state)s.")
            % {"state": study.get_state_display()}
        )
