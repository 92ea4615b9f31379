"""The states of a study: draft → locked → open ⇄ paused → closed → unblinded."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import Conflict
from radrate.studies.models import ReaderStudy

State = ReaderStudy.State
ALLOWED = {
    State.DRAFT: {State.LOCKING},
    State.LOCKING: {State.LOCKED, State.DRAFT},
    State.LOCKED: {State.OPEN},
    State.OPEN: {State.PAUSED, State.CLOSED},
    State.PAUSED: {State.OPEN, State.CLOSED},
    State.CLOSED: {State.UNBLINDED},
    State.UNBLINDED: set(),
}
STAMPS = {
    State.LOCKED: "locked_at",
    State.CLOSED: "closed_at",
    State.UNBLINDED: "unblinded_at",
}


@transaction.atomic
def move(*, study: ReaderStudy, to: str, actor: User | None, **detail: Any) -> ReaderStudy:
    """The one place where a study changes its state; audited."""
    current = ReaderStudy.objects.select_for_update().get(pk=study.pk)
    if to not in ALLOWED[State(current.state)]:
        raise Conflict(
            _("A study that is %(state)s cannot become %(to)s.")
            % {"state": current.get_state_display(), "to": State(to).label}
        )
    current.state = to
    if to in STAMPS:
        setattr(current, STAMPS[to], timezone.now())
    if to == State.OPEN and current.opened_at is None:
        current.opened_at = timezone.now()
    current.save()
    record(actor=actor, verb=f"study_{to}", target=current, **detail)
    return current
