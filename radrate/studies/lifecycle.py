"""What a manager does with a study after its design: lock, open, pause, close, unblind."""

from django.db import transaction
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.errors import DomainError
from radrate.images.services import lift_embargo
from radrate.studies import checks
from radrate.studies.models import ReaderStudy
from radrate.studies.states import State, move
from radrate.studies.tasks import lock_study


def request_lock(*, study: ReaderStudy, actor: User) -> ReaderStudy:
    """Begin the lock. A worker makes the renditions, then `lock_protocol` finishes."""
    checks.require_ready(study)
    with transaction.atomic():
        ReaderStudy.objects.filter(pk=study.pk).update(problem="")
        study = move(study=study, to=State.LOCKING, actor=actor)
        transaction.on_commit(lambda: lock_study.delay(str(study.pk)), robust=True)
    return study


def stop_lock(*, study: ReaderStudy, actor: User) -> ReaderStudy:
    """Back to the draft; renditions that exist are kept and used by the next lock."""
    return move(study=study, to=State.DRAFT, actor=actor)


def open_study(*, study: ReaderStudy, actor: User) -> ReaderStudy:
    return move(study=study, to=State.OPEN, actor=actor)


def pause(*, study: ReaderStudy, actor: User) -> ReaderStudy:
    return move(study=study, to=State.PAUSED, actor=actor)


@transaction.atomic
def close(*, study: ReaderStudy, actor: User) -> ReaderStudy:
    """End the reading for everyone; the readers may see the images elsewhere again."""
    closed = move(study=study, to=State.CLOSED, actor=actor)
    lift_embargo(held_by=study.pk)
    return closed


def unblind(*, study: ReaderStudy, actor: User, reason: str) -> ReaderStudy:
    """Reveal the truth of a closed study to its manager; the reason is kept in the audit trail."""
    if not reason.strip():
        raise DomainError(_("Say why the study is unblinded; it is kept in the audit trail."))
    return move(study=study, to=State.UNBLINDED, actor=actor, reason=reason.strip())
