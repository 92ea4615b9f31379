"""What a manager does on the board: remind, move the planned end, answer for a problem."""

import smtplib
from collections.abc import Callable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import Conflict, DomainError
from radrate.studies.board import mail
from radrate.studies.board.models import ProblemHandling, ProblemReport, Reminder
from radrate.studies.board.page import REMIND_AFTER, Row, board
from radrate.studies.models import ReaderStudy, StudyReader
from radrate.studies.services import READABLE, locked, require

State = ReaderStudy.State
Link = Callable[[StudyReader], str]


def remind(*, actor: User, study: ReaderStudy, reader_id: int, link: Link) -> None:
    """Mail one reader. Raises DomainError where nothing waits for the reader, nobody can be
    written to, or a reminder was sent within the last 24 hours."""
    row = next((row for row in board(study)["rows"] if row.id == reader_id), None)
    if row is None or row.is_machine or row.is_over or row.withdrawn_at:
        raise Conflict(_("Nothing waits for this reader."))
    _remind(actor, study, row, link)


def remind_all(*, actor: User, study: ReaderStudy, link: Link) -> int:
    """Mail whoever is behind and may be reminded; returns how many were written to."""
    require(study, State.OPEN)
    due = [row for row in board(study)["rows"] if row.is_behind and row.can_be_reminded]
    return sum(_reminded(actor, study, row, link) for row in due)


def _reminded(actor: User, study: ReaderStudy, row: Row, link: Link) -> bool:
    """One who cannot be written to keeps nobody else from being reminded."""
    try:
        _remind(actor, study, row, link)
    except DomainError:
        return False
    return True


@transaction.atomic
def _remind(actor: User, study: ReaderStudy, row: Row, link: Link) -> None:
    """The row is kept only if the mail server took the mail."""
    rows = StudyReader.objects.select_for_update(of=("self",), no_key=True)
    reader = rows.select_related("study", "user").get(pk=row.id)
    require(reader.study, State.OPEN)
    if not reader.user.email:
        raise Conflict(_("%(user)s has no e-mail address.") % {"user": reader.user})
    if reader.reminders.filter(at__gt=timezone.now() - REMIND_AFTER).exists():
        raise Conflict(_("%(user)s was reminded within the last 24 hours.") % {"user": reader.user})
    Reminder.objects.create(study_reader=reader, sent_by=actor)
    record(actor=actor, verb="remind", target=study, reader=reader.user_id)
    message = mail.reminder(
        reader, link=link(reader), left=row.total - row.done, reply_to=actor.email
    )
    try:
        message.send()
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise DomainError(
            _("The mail to %(user)s could not be sent.") % {"user": reader.user}
        ) from error


@transaction.atomic
def plan_end(*, actor: User, study: ReaderStudy, ends_on: date | None) -> None:
    """Say until when it is planned to be read. Once it is open, the day only moves away: readers
    have been told it.

    Nothing closes by itself. A close is final and lets the truth be told, so that a person does it
    and the audit names who; and no reader is cut off in the middle of a block.
    """
    study = locked(study)
    require(study, State.DRAFT, *READABLE)
    before = study.ends_on
    if study.opened_at and before and (ends_on is None or ends_on < before):
        raise Conflict(_("Readers have been told the planned end; it can only be moved later."))
    if ends_on is not None and ends_on < timezone.localdate():
        raise DomainError(_("That day is over."))
    study.ends_on = ends_on
    study.save(update_fields=["ends_on"])
    told = {"before": _iso(before), "after": _iso(ends_on)}
    record(actor=actor, verb="plan_end", target=study, **told)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@transaction.atomic
def handle(*, actor: User, report: ProblemReport, note: str) -> None:
    """Say that a reported problem is dealt with; once."""
    try:
        with transaction.atomic():
            ProblemHandling.objects.create(report=report, by=actor, note=note)
    except IntegrityError as error:
        raise Conflict(_("This report is marked as handled already.")) from error
    record(actor=actor, verb="handle_problem", target=report)
