"""What the board shows: who is how far and when it may be over; nothing of what was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from django.utils import timezone

from radrate.studies.board import behaviour, forecast, queries
from radrate.studies.board.behaviour import Flag
from radrate.studies.board.queries import Progress, Work
from radrate.studies.models import ReaderStudy, StudyReader

State = ReaderStudy.State
RECENT = 20  # cases that make a reader's pace now
REMIND_AFTER = timedelta(hours=24)
PICTURE = (180, 48)
MOST_DAYS = 180  # of a picture; what was before stands at its left edge


@dataclass(frozen=True, slots=True)
class Span:
    """The days that all pictures have in common, and the cases at their upper edge."""

    start: date
    end: date
    top: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What all rows are seen in; `group` is the readers' median seconds a case."""

    study: ReaderStudy
    span: Span
    group: float | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """A reader on the board. `line` is the picture's polyline, `left` minutes of reading."""

    id: int
    name: str
    code: str
    is_machine: bool
    is_late: bool
    joined_at: datetime | None
    withdrawn_at: datetime | None
    phases: Sequence[Progress]
    done: int
    total: int
    last_at: datetime | None
    pace: float | None
    left: int | None
    end: date | None
    is_over: bool
    is_behind: bool
    reminded_at: datetime | None
    can_be_reminded: bool
    flags: Sequence[Flag]
    line: str


def board(study: ReaderStudy) -> dict[str, Any]:
    """Everything that is asked again every few seconds. The sums are over the people who read."""
    now = timezone.now()
    readers = list(queries.readers(study))
    done, worked = queries.progress(study), queries.work(study)
    span = _span(study, readers, done, worked)
    frame = Frame(study, span, behaviour.group_pace(_paces(readers, worked)), now)
    rows = [
        _row(frame, reader, done.get(reader.pk, []), worked.get(reader.pk)) for reader in readers
    ]
    reading = [row for row in rows if row.withdrawn_at is None and not row.is_machine]
    waiting = [row for row in reading if not row.is_over]
    return {
        "study": study,
        "rows": rows,
        "span": span,
        "has_phases": any(len(row.phases) > 1 for row in rows),
        "done": sum(row.done for row in reading),
        "total": sum(row.total for row in reading),
        "finished": sum(row.is_over for row in reading),
        "reading": len(reading),
        "end": forecast.last_end(row.end for row in waiting),
        "unknown_ends": sum(row.end is None for row in waiting),
        "left": sum(row.left or 0 for row in waiting),
        "flagged": [row for row in rows if row.flags],
        "to_remind": sum(row.is_behind and row.can_be_reminded for row in rows),
        "waiting_reports": sum(reader.waiting for reader in readers),
        "is_past_end": _is_past_end(study),
        "is_open": study.state == State.OPEN,
    }


def messages(study: ReaderStudy) -> dict[str, Any]:
    """What readers wrote: reports of problems, comments on cases."""
    comments, comment_count = queries.comments(study)
    return {
        "reports": list(queries.reports(study)),
        "comments": comments,
        "comment_count": comment_count,
    }


def _paces(readers: Sequence[StudyReader], worked: Mapping[int, Work]) -> list[float]:
    """Of the people: a machine's pace is nobody's measure."""
    people = [reader.pk for reader in readers if reader.reader_class != "machine"]
    found = [behaviour.pace(worked[pk].seconds) for pk in people if pk in worked]
    return [one for one in found if one is not None]


def _span(
    study: ReaderStudy,
    readers: Sequence[StudyReader],
    done: Mapping[int, Sequence[Progress]],
    worked: Mapping[int, Work],
) -> Span:
    end = timezone.localdate(study.closed_at) if study.closed_at else timezone.localdate()
    days = [min(one.by_day) for one in worked.values()]
    if study.opened_at:
        days.append(timezone.localdate(study.opened_at))
    start = max(min([end, *days]), end - timedelta(MOST_DAYS))
    totals = [sum(part.total for part in done.get(reader.pk, [])) for reader in readers]
    return Span(start, end, max([1, *totals]))


def _row(frame: Frame, reader: Any, phases: Sequence[Progress], work: Work | None) -> Row:
    study = frame.study
    done, total = sum(one.done for one in phases), sum(one.total for one in phases)
    is_machine = reader.reader_class == StudyReader.ReaderClass.MACHINE
    reads = reader.withdrawn_at is None and done < total
    pace = behaviour.pace(work.seconds[-RECENT:]) if work else None
    idle_days = _idle_days(study, reader, work, frame.now) if reads else 0
    end = _end(reader, study, work, total - done) if reads else None
    return Row(
        id=reader.pk,
        name=reader.user.get_username(),
        code=f"R{reader.slot + 1}",
        is_machine=is_machine,
        is_late=bool(study.opened_at and reader.joined_at and reader.joined_at > study.opened_at),
        joined_at=reader.joined_at,
        withdrawn_at=reader.withdrawn_at,
        phases=phases,
        done=done,
        total=total,
        last_at=work.last_at if work else None,
        pace=pace,
        left=ceil(pace * (total - done) / 60) if pace and reads else None,
        end=end,
        is_over=total > 0 and done == total,
        is_behind=reads and not is_machine and _is_behind(study, end, idle_days),
        reminded_at=reader.reminded_at,
        can_be_reminded=reads and not is_machine and _may_be_reminded(study, reader, frame.now),
        flags=behaviour.flags(
            work.sheets if work else [],
            group=frame.group,
            idle_days=idle_days,
            is_machine=is_machine,
        ),
        line=_line(work, frame.span),
    )


def _idle_days(study: ReaderStudy, reader: StudyReader, work: Work | None, now: datetime) -> int:
    since = queries.last_activity(reader, study, work)
    return (now - since).days if since and study.state == State.OPEN else 0


def _end(reader: StudyReader, study: ReaderStudy, work: Work | None, left: int) -> date | None:
    if work is None:
        return None
    began = max(at for at in (study.opened_at, reader.joined_at) if at) if study.opened_at else None
    day = timezone.localdate(began) if began else min(work.by_day)
    return forecast.predicted_end(
        work.by_day, remaining=left, today=timezone.localdate(), began=day
    )


def _is_behind(study: ReaderStudy, end: date | None, idle_days: int) -> bool:
    """Will not be through by the planned end as it goes, or has read nothing for a week."""
    if idle_days >= behaviour.IDLE_DAYS:
        return True
    return study.ends_on is not None and (end is None or end > study.ends_on)


def _may_be_reminded(study: ReaderStudy, reader: Any, now: datetime) -> bool:
    if study.state != State.OPEN or not reader.user.email:
        return False
    return reader.reminded_at is None or now - reader.reminded_at >= REMIND_AFTER


def _is_past_end(study: ReaderStudy) -> bool:
    is_read = study.state in (State.LOCKED, State.OPEN, State.PAUSED)
    return is_read and study.ends_on is not None and study.ends_on < timezone.localdate()


def _line(work: Work | None, span: Span) -> str:
    by_day: dict[date, int] = {}
    for day, count in (work.by_day if work else {}).items():
        shown = max(day, span.start)
        by_day[shown] = by_day.get(shown, 0) + count
    found = forecast.points(by_day, start=span.start, end=span.end, top=span.top, size=PICTURE)
    return " ".join(f"{x},{y}" for x, y in found)
