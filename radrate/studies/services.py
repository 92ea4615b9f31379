"""Writes of studies before they are read: the study and its cases."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import Conflict, DomainError, NotAllowed
from radrate.images.models import Batch
from radrate.images.queries import campaigns_read_blind
from radrate.locks import one_at_a_time
from radrate.studies import casting, designing, queries
from radrate.studies.matching import DEFAULT_RULES
from radrate.studies.models import Case, ReaderStudy

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
    **phase: Any,
) -> ReaderStudy:
    """A draft with one phase and its cases. `batches` are the campaigns whose images are under
    test; `phase` as `designing.add_phase` takes it."""
    if not batches:
        raise DomainError(_("Choose at least one campaign whose images are to be judged."))
    if campaigns_read_blind(actor).filter(pk__in=[batch.pk for batch in batches]).exists():
        raise NotAllowed(_("Whoever reads images of a campaign blind cannot test it."))
    study = draft(
        actor=actor,
        name=name,
        task=task,
        seed=seed,
        block_size=block_size,
        matching_rules=dict(matching_rules),
    )
    study.batches.set(batches)
    designing.add_arms(study, [batch.pk for batch in batches])
    designing.add_phase(study=study, **phase)
    build_cases(study=study)
    return study


def draft(*, actor: User, name: str, seed: int | None = None, **fields: Any) -> ReaderStudy:
    """An empty draft with the next number. Within a transaction."""
    one_at_a_time("create-study")
    study = ReaderStudy.objects.create(
        number=queries.next_number(),
        name=name,
        manager=actor,
        seed=secrets.randbits(48) if seed is None else seed,
        **fields,
    )
    record(actor=actor, verb="create", target=study, name=name)
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
    """Choose the images of every phase anew; store the cases and what was left, with reasons.

    Examples stay, and what is kin to them is left out. Catch trials are made by the lock.
    """
    require(study, State.DRAFT)
    study.unmatched.all().delete()
    study.cases.exclude(kind=Case.Kind.TRAINING).delete()
    for phase in study.phases.select_related("study"):
        casting.cast(phase)


def require(study: ReaderStudy, *states: str) -> None:
    if study.state not in states:
        raise Conflict(
            _("This cannot be done while the study is %(state)s.")
            % {"state": study.get_state_display()}
        )
