"""Many readers who have read much, written as rows: no rule of the reading is asked."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import Model
from django.utils import timezone

from radrate.reading import queries
from radrate.reading.models import Rating, Score
from radrate.studies.models import Assignment, ReaderStudy, StudyReader


def answer_in_bulk(
    reader: StudyReader,
    *,
    count: int,
    first_at: datetime | None = None,
    gap: timedelta = timedelta(minutes=2),
    seconds: float = 30.0,
    value: int | None = None,
    side: int | None = None,
    comment: str = "",
) -> list[Rating]:
    """The reader's next `count` cases. Values and sides vary unless one is given."""
    waiting = reader.assignments.filter(ratings=None).order_by("position")[:count]
    assignments = list(waiting.select_related("case__phase__rubric", "case__phase__verdict"))
    at = first_at or timezone.now() - gap * count
    with own_times(Rating):
        ratings = Rating.objects.bulk_create(
            Rating(
                id=uuid.uuid4(),
                assignment=assignment,
                revision=1,
                comment=comment,
                duration_ms=round(1000 * seconds),
                body_hash="0" * 64,
                at=at + gap * k,
            )
            for k, assignment in enumerate(assignments)
        )
    criteria = {a.case.phase: queries.criteria(a.case.phase) for a in assignments}
    Score.objects.bulk_create(
        Score(
            rating=rating,
            criterion=criterion,
            image=image or "",
            value=_value(criterion.kind, number + k, value, side),
        )
        for number, rating in enumerate(ratings)
        for k, criterion in enumerate(criteria[rating.assignment.case.phase])
        for image in (rating.assignment.labels if criterion.per_image else [None])
    )
    return ratings


def _value(kind: str, number: int, value: int | None, side: int | None) -> int:
    if kind in ("side", "verdict"):
        return side or 1 + number % 2
    return value or 1 + number % 5


@contextmanager
def own_times(model: type[Model]) -> Iterator[None]:
    """Within it a row has the time that it is given; otherwise it has that of its commit."""
    field = model._meta.get_field("at")
    field.auto_now_add = False
    try:
        yield
    finally:
        field.auto_now_add = True


def reopen(study: ReaderStudy, *, days_ago: int) -> ReaderStudy:
    """As if it had been opened, and its readers had joined, some days ago."""
    at = timezone.now() - timedelta(days=days_ago)
    ReaderStudy.objects.filter(pk=study.pk).update(opened_at=at)
    study.readers.update(joined_at=at - timedelta(days=1))
    return ReaderStudy.objects.get(pk=study.pk)


def assignments_of(reader: StudyReader) -> list[Assignment]:
    return list(reader.assignments.order_by("position"))
