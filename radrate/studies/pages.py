"""What a manager's study page shows, gathered with a constant number of queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from radrate.studies import matching, queries
from radrate.studies.models import Case, Phase, ReaderStudy

State = ReaderStudy.State


@dataclass(frozen=True, slots=True)
class Action:
    """A step that the study can take now; `verb` is what the form posts."""

    verb: str
    label: str
    primary: bool = False
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class UnmatchedRow:
    what: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class WithdrawnRow:
    """A case that has left the reading; `rated` readers had answered it."""

    number: int
    reason: str
    at: datetime
    rated: int


REASONS = {
    matching.NO_SUCH_REFERENCE: lambda: _("no reference shows the same"),
    matching.REFERENCES_USED_UP: lambda: _("every fitting reference stands in another case"),
    matching.SHARES_A_SUBJECT: lambda: _("shares a person or a source with another case"),
    matching.NO_PARTNER_LEFT: lambda: _("no image was left that it could stand beside"),
    matching.NOT_NEEDED: lambda: _("more than the cases asked for"),
}


def actions(study: ReaderStudy) -> list[Action]:
    return {
        State.DRAFT: [
            Action("match", _("Match again")),
            Action("lock", _("Lock the protocol"), primary=True),
        ],
        State.LOCKING: [Action("stop_lock", _("Back to the draft"))],
        State.LOCKED: [Action("open", _("Open for reading"), primary=True)],
        State.OPEN: [
            Action("pause", _("Pause")),
            Action("close", _("Close the study"), primary=True),
        ],
        State.PAUSED: [
            Action("open", _("Go on"), primary=True),
            Action("close", _("Close the study")),
        ],
    }.get(State(study.state), [])


def unmatched_rows(study: ReaderStudy) -> list[UnmatchedRow]:
    counts = Counter(
        (str(row.radiograph) or _("unknown"), row.reason)
        for row in study.unmatched.select_related("radiograph")
    )
    return [
        UnmatchedRow(what, REASONS[reason](), count)
        for (what, reason), count in sorted(counts.items())
    ]


def withdrawn_rows(cases: Iterable[Any]) -> list[WithdrawnRow]:
    """Of the cases that `queries.cases` gives, those that have left the reading."""
    return [_withdrawn_row(case) for case in cases if case.is_withdrawn]


def _withdrawn_row(case: Any) -> WithdrawnRow:
    images = [image.radiograph for image in case.images.all()]
    excluded = [image for image in images if image.excluded_at]
    return WithdrawnRow(
        number=case.number,
        reason="; ".join(dict.fromkeys(image.excluded_because for image in excluded)),
        at=min(image.excluded_at for image in excluded),
        rated=case.rated,
    )


def phases(study: ReaderStudy) -> QuerySet[Phase]:
    """With their questions, the design's own last."""
    return study.phases.select_related("rubric", "verdict").prefetch_related(
        "rubric__criteria", "rubric__tags", "verdict__criteria"
    )


def page(study: ReaderStudy) -> dict[str, Any]:
    every = list(queries.cases(study))
    cases = [case for case in every if case.kind != Case.Kind.TRAINING]
    readers = list(queries.board(study))
    rendered, to_render = queries.lock_progress(study)
    return {
        "study": study,
        "cases": cases,
        "examples": [case for case in every if case.kind == Case.Kind.TRAINING],
        "withdrawn": withdrawn_rows(every),
        "unmatched": unmatched_rows(study),
        "readers": readers,
        "actions": actions(study),
        "phases": phases(study),
        "rendered": rendered,
        "to_render": to_render,
        "percent": round(100 * rendered / to_render) if to_render else 0,
        "can_add_readers": study.state in (State.DRAFT, State.LOCKED, State.OPEN, State.PAUSED),
        "is_phantom": study.task == ReaderStudy.Task.WHICH_INTACT,
        "answers": sum(reader.done for reader in readers),
        "answers_total": sum(reader.total for reader in readers),
    }
