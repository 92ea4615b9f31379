"""The lock of a protocol, as a worker carries it out."""

import logging
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from radrate.blinding.services import equalise_lengths, make_renditions, new_set
from radrate.errors import DomainError
from radrate.images.models import Radiograph
from radrate.locks import exclusive
from radrate.studies import assigning, queries
from radrate.studies.catching import fill_catch_trials
from radrate.studies.enrolment import keep_blind
from radrate.studies.models import ReaderStudy
from radrate.studies.protocol import protocol_hash, protocol_of
from radrate.studies.rubrics.services import freeze
from radrate.studies.states import State, move

logger = logging.getLogger(__name__)


class LockStopped(Exception):
    """The manager went back to the draft while the renditions were made."""


def lock_protocol(*, study_id: UUID) -> None:
    """Make what is missing of the renditions, allocate every reader, freeze and hash the protocol.

    Run by a worker; a second run at the same time returns at once, one after a crash goes on.
    A rule that is broken takes the study back to the draft with the reason.
    """
    with exclusive(f"lock-study:{study_id}") as mine:
        if not mine:
            return
        try:
            _lock(study_id)
        except LockStopped:
            logger.info("the lock of study %s was stopped", study_id)
        except DomainError as error:
            ReaderStudy.objects.filter(pk=study_id).update(problem=str(error))
            move(study=ReaderStudy.objects.get(pk=study_id), to=State.DRAFT, actor=None)
        except (OSError, ValueError) as error:
            logger.exception("the lock of study %s failed", study_id)
            problem = _("An image could not be rendered: %(error)s") % {"error": error}
            ReaderStudy.objects.filter(pk=study_id).update(problem=problem)
            move(study=ReaderStudy.objects.get(pk=study_id), to=State.DRAFT, actor=None)


def _lock(study_id: UUID) -> None:
    study = ReaderStudy.objects.select_related("rendition_set").get(pk=study_id)
    _proceed(study_id)
    fill_catch_trials(study=study, proceed=lambda: _proceed(study_id))
    rendition_set = study.rendition_set
    if rendition_set is None or rendition_set.length is not None:
        rendition_set = study.rendition_set = new_set()
        study.save(update_fields=["rendition_set"])
    radiographs = Radiograph.objects.filter(pk__in=queries.shown_ids(study))
    make_renditions(
        rendition_set=rendition_set,
        radiographs=radiographs.order_by("pk"),
        proceed=lambda: _proceed(study_id),
    )
    rendition_set.renditions.exclude(radiograph__in=radiographs).delete()
    equalise_lengths(rendition_set=rendition_set)
    _freeze(study_id)


def _proceed(study_id: UUID) -> None:
    if not ReaderStudy.objects.filter(pk=study_id, state=State.LOCKING).exists():
        raise LockStopped


@transaction.atomic
def _freeze(study_id: UUID) -> None:
    study = ReaderStudy.objects.select_for_update(of=("self",)).get(pk=study_id)
    if study.state != State.LOCKING:
        raise LockStopped
    _check_images(study)
    assigning.check(study)
    assigning.fill(study)
    freeze(rubric_ids=[pk for pair in _rubrics(study) for pk in pair if pk])
    study.protocol = protocol_of(study)
    study.protocol_hash = protocol_hash(study.protocol)
    study.save(update_fields=["protocol", "protocol_hash"])
    for reader in study.readers.filter(user__isnull=False).select_related("study", "user"):
        keep_blind(reader=reader)
    move(study=study, to=State.LOCKED, actor=None, protocol_hash=study.protocol_hash)


def _rubrics(study: ReaderStudy) -> Iterable[tuple[int, int | None]]:
    return study.phases.values_list("rubric", "verdict")


def _check_images(study: ReaderStudy) -> None:
    """Every image of a case is still accepted and has its rendition."""
    wanted = set(queries.shown_ids(study))
    accepted = Radiograph.objects.filter(pk__in=wanted, state=Radiograph.State.ACCEPTED).count()
    if accepted < len(wanted):
        raise DomainError(_("Images of these cases were excluded since. Match again."))
    rendered = study.rendition_set.renditions.values_list("radiograph_id", flat=True)
    if wanted - set(rendered):
        raise DomainError(_("The cases were changed during the lock. Lock again."))
