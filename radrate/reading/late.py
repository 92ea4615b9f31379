"""Answers that arrive after the close: kept and marked, as long as the truth is not out."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from radrate.errors import NotAllowed
from radrate.reading import texts
from radrate.studies.models import Assignment, ReaderStudy

State = ReaderStudy.State


class TooLate(NotAllowed):
    """These answers can never be saved, however often they are sent."""


def note_shown(assignment: Assignment, shown_ms_ago: int | None) -> None:
    """When a case was first shown that the server knows nothing of yet.

    One that the browser fetched ahead is shown without a word to the server. The browser tells
    afterwards how long ago that was by its own clock, which need not be right for it.
    """
    if shown_ms_ago is None or assignment.shown_at is not None:
        return
    told = timezone.now() - timedelta(milliseconds=shown_ms_ago)
    opened = assignment.study_reader.study.opened_at
    assignment.shown_at = max(told, opened) if opened else told
    unknown = Assignment.objects.filter(pk=assignment.pk, shown_at__isnull=True)
    unknown.update(shown_at=assignment.shown_at)


def is_late(assignment: Assignment) -> bool:
    """Whether a sheet that arrives now is late. Raises `NotAllowed` where none is taken: before
    the opening, in a pause, of a case not shown before the close, after the unblinding."""
    study = assignment.study_reader.study
    if study.state == State.OPEN:
        return False
    if study.state in (State.LOCKED, State.PAUSED):
        raise NotAllowed(texts.not_open(study))
    if study.state == State.CLOSED and _shown_before(assignment, study.closed_at):
        return True
    raise TooLate(
        _("%(title)s has ended, and these answers came too late to be saved.")
        % {"title": study.neutral_title}
    )


def _shown_before(assignment: Assignment, close: datetime | None) -> bool:
    return bool(assignment.shown_at and close and assignment.shown_at <= close)
