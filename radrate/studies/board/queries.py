"""Reads of the board: a constant number of queries, whatever the number of readers and cases."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from radrate.accounts.models import User
from radrate.studies.board.behaviour import Sheet
from radrate.studies.board.models import ProblemReport
from radrate.studies.models import Assignment, Case, CaseImage, ReaderStudy, StudyReader
from radrate.studies.withdrawal import gone

MOST_COMMENTS = 100
MOST_REPORTS = 200

# One row a rating, revisions in their order. Values of n/a count as 0. A catch trial is caught if
# its verdict is the known one. Plain joins, for which the planner's estimates hold.
SHEETS = """
WITH answer AS (
  SELECT score.rating_id,
    min(coalesce(score.value, 0)) FILTER (WHERE asked.kind IN ('scale', 'confidence')) AS lowest,
    max(coalesce(score.value, 0)) FILTER (WHERE asked.kind IN ('scale', 'confidence')) AS highest,
    count(*) FILTER (WHERE asked.kind IN ('scale', 'confidence')) AS answers,
    min(score.value) FILTER (WHERE asked.kind = 'side') AS side,
    min(score.value) FILTER (WHERE asked.kind = 'verdict') AS verdict
  FROM radrate_studyreader reader
  JOIN radrate_assignment assignment ON assignment.study_reader_id = reader.id
  JOIN radrate_rating rating ON rating.assignment_id = assignment.id
  JOIN radrate_score score ON score.rating_id = rating.id
  JOIN radrate_criterion asked ON asked.id = score.criterion_id
  WHERE reader.study_id = %(study)s
  GROUP BY score.rating_id
)
SELECT reader.id, assignment.position, "case".kind, (rating.at AT TIME ZONE %(zone)s)::date,
  rating.at, rating.duration_ms, length(assignment.layout), answer.lowest, answer.highest,
  coalesce(answer.answers, 0), answer.side,
  CASE WHEN "case".kind <> 'catch' OR phase.design = 'preference' THEN NULL
    WHEN answer.side IS NOT NULL
      THEN answer.side = coalesce(strpos(assignment.layout, reference.number::text), 8)
    WHEN answer.verdict IS NOT NULL THEN (answer.verdict = 1) = (reference.id IS NOT NULL)
  END
FROM radrate_studyreader reader
JOIN radrate_assignment assignment ON assignment.study_reader_id = reader.id
JOIN radrate_case "case" ON "case".id = assignment.case_id
JOIN radrate_phase phase ON phase.id = "case".phase_id
LEFT JOIN radrate_caseimage reference ON reference.case_id = "case".id AND reference.is_reference
JOIN radrate_rating rating ON rating.assignment_id = assignment.id
LEFT JOIN answer ON answer.rating_id = rating.id
WHERE reader.study_id = %(study)s
ORDER BY reader.id, assignment.position, rating.revision
"""
COMMENTS = """
SELECT reader.slot, "case".number, rating.comment, rating.at, count(*) OVER ()
FROM radrate_studyreader reader
JOIN radrate_assignment assignment ON assignment.study_reader_id = reader.id
JOIN radrate_case "case" ON "case".id = assignment.case_id
JOIN radrate_rating rating ON rating.assignment_id = assignment.id
WHERE reader.study_id = %(study)s AND rating.comment <> '' AND NOT EXISTS (
  SELECT 1 FROM radrate_rating later
  WHERE later.assignment_id = assignment.id AND later.revision > rating.revision
)
ORDER BY rating.at DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Work:
    """What a reader did: sheets in the reader's order (those of examples left out), cases a day,
    the seconds of the cases in the order in which they were rated, the last moment."""

    sheets: list[Sheet]
    by_day: dict[date, int]
    seconds: list[float]
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    phase: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Comment:
    """Without side and origin, whatever the state of the study."""

    reader: str
    case: int
    text: str
    at: datetime


def own_study(user: User, study_id: UUID) -> QuerySet[ReaderStudy]:
    return ReaderStudy.objects.filter(pk=study_id, manager=user)


def readers(study: ReaderStudy) -> QuerySet[StudyReader]:
    """Everybody who has or had a place; who left is there, too. With `reminded_at`, and `waiting`
    reports of problems."""
    found = study.readers.filter(user__isnull=False).select_related("user")
    return found.annotate(
        reminded_at=Max("reminders__at"),
        waiting=Count("problems", filter=Q(problems__handling=None), distinct=True),
    )


def progress(study: ReaderStudy) -> dict[int, list[Progress]]:
    """Of each reader by phase. What was withdrawn before it was rated counts nowhere."""
    withdrawn = CaseImage.objects.filter(gone(), case__study=study).values("case")
    is_rated = Q(ratings__revision=1)
    rows = (
        Assignment.objects.filter(study_reader__study=study)
        .values("study_reader", phase=F("case__phase__position"))
        .annotate(
            done=Count("pk", filter=is_rated),
            total=Count("pk", filter=is_rated | ~Q(case__in=withdrawn), distinct=True),
        )
        .order_by("study_reader", "phase")
    )
    found = defaultdict(list)
    for row in rows:
        found[row["study_reader"]].append(Progress(row["phase"], row["done"], row["total"]))
    return found


def work(study: ReaderStudy) -> dict[int, Work]:
    """Of each reader who has rated anything, in one query."""
    with connection.cursor() as cursor:
        zone = timezone.get_current_timezone_name()
        cursor.execute(SHEETS, {"study": study.pk, "zone": zone})
        rows = cursor.fetchall()
    by_reader = groupby(rows, key=itemgetter(0))
    return {reader: _work(list(_cases(found))) for reader, found in by_reader}


def _cases(rows: Iterable[Any]) -> Iterator[Any]:
    """One row a case: the time and the seconds of its first sheet, the answers of its last."""
    for _position, revisions in groupby(rows, key=itemgetter(1)):
        first, *later = revisions
        yield (*first[:7], *(later[-1] if later else first)[7:])


def _work(rows: list[Any]) -> Work:
    by_day: dict[date, int] = defaultdict(int)
    for row in rows:
        by_day[row[3]] += 1
    timed = sorted((row[4], row[5] / 1000) for row in rows)
    return Work(
        sheets=[_sheet(row) for row in rows if row[2] != Case.Kind.TRAINING],
        by_day=dict(by_day),
        seconds=[seconds for _at, seconds in timed],
        last_at=timed[-1][0],
    )


def _sheet(row: Any) -> Sheet:
    _reader, position, _kind, _day, _at, ms, images, lowest, highest, answers, side, caught = row
    return Sheet(position, ms / 1000, lowest, highest, answers, side, images, caught)


def comments(study: ReaderStudy) -> tuple[list[Comment], int]:
    """The newest ones, and how many there are; of a sheet that was changed the last one."""
    with connection.cursor() as cursor:
        cursor.execute(COMMENTS, {"study": study.pk, "most": MOST_COMMENTS})
        rows = cursor.fetchall()
    found = [Comment(f"R{slot + 1}", case, text, at) for slot, case, text, at, _all in rows]
    return found, rows[0][-1] if rows else 0


def reports(study: ReaderStudy) -> QuerySet[ProblemReport]:
    """Those that wait come first, the newest of each on top."""
    return (
        ProblemReport.objects.filter(study_reader__study=study)
        .select_related("study_reader", "assignment__case", "handling__by")
        .order_by(F("handling__at").desc(nulls_first=True), "-at")[:MOST_REPORTS]
    )


def last_activity(reader: StudyReader, study: ReaderStudy, done: Work | None) -> datetime | None:
    """Since when nothing was read: the last case, else when the reader could begin."""
    known = [done.last_at if done else None, study.opened_at, reader.joined_at]
    found = [at for at in known if at is not None]
    return max(found) if found else None
