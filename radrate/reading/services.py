"""Writes of readers: a rating is appended, never changed; a block is handed in once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.errors import Conflict, DomainError, NotAllowed
from radrate.reading import gates, late, queries, texts
from radrate.reading.answers import Answer, check_answers
from radrate.reading.marks import PlacedMark, check_marks
from radrate.reading.models import BlockSubmission, Mark, Rating, Score
from radrate.reading.pauses import Pause, paused_ms
from radrate.reading.trails import keep_trail
from radrate.studies import withdrawal
from radrate.studies.models import Assignment, Case, ReaderStudy, StudyReader


class Withdrawn(DomainError):
    """The case has left the reading: nothing of it is shown or saved any more.

    `next_url` is where the reader goes on.
    """

    def __init__(self, reader: StudyReader) -> None:
        super().__init__(texts.withdrawn())
        self.next_url = gates.next_url(reader)


@dataclass(frozen=True, slots=True)
class Saved:
    rating: Rating
    created: bool


def hand_out(*, assignment: Assignment) -> None:
    """A case may be fetched ahead, to be shown later, within the block that is being read."""
    gates.require_open(assignment)
    reader = assignment.study_reader
    following = queries.next_assignment(reader)
    block = queries.block_to_submit(reader) or (following.block if following else None)
    if assignment.block != block:
        raise NotAllowed(_("Cases are read in their order."))
    if withdrawal.is_withdrawn(assignment.case_id):
        raise Withdrawn(reader)


def show(*, assignment: Assignment, shown_ms_ago: int = 0) -> None:
    """Show a case to a reader who has passed the gates before it."""
    gates.require_open(assignment)
    take_turn(assignment=assignment, shown_ms_ago=shown_ms_ago)


def take_turn(*, assignment: Assignment, shown_ms_ago: int = 0) -> None:
    """Note when a case was first shown; later cases wait until the earlier ones are rated."""
    if queries.is_submitted(assignment.study_reader, assignment.block):
        raise Conflict(_("This block is handed in; its answers can no longer be changed."))
    if withdrawal.is_withdrawn(assignment.case_id):
        raise Withdrawn(assignment.study_reader)
    following = queries.next_assignment(assignment.study_reader)
    if following is not None and following.position < assignment.position:
        raise NotAllowed(_("Cases are read in their order."))
    waiting = queries.block_to_submit(assignment.study_reader)
    if waiting is not None and waiting < assignment.block:
        raise NotAllowed(_("Hand in the block before this one first."))
    late.note_shown(assignment, shown_ms_ago)


@transaction.atomic
def submit_rating(
    *,
    user: User,
    token: str,
    rating_id: UUID,
    revision: int,
    answers: Sequence[Answer],
    comment: str,
    duration_ms: int,
    marks: Sequence[PlacedMark] = (),
    trail: object = None,
    pauses: Sequence[Pause] = (),
    shown_ms_ago: int | None = None,
    reason: str = "",
) -> Saved:
    """Append one answer sheet. `revision` is the one the reader saw before (0: none).

    The same id with the same content is saved once and answered twice. Raises `Conflict` when
    another sheet came in between, `InvalidAnswers` with a message per field, `Withdrawn` when an
    image of the case was excluded, `NotAllowed` when the study takes no answers (see `late`).
    `reason` says why an earlier sheet is changed.
    """
    hold(queries.assignment_in_any_state(user, token).study_reader)
    assignment = queries.assignment_in_any_state(user, token)
    digest = body_hash(answers, comment, marks)
    earlier = Rating.objects.filter(pk=rating_id).first()
    if earlier is not None:
        return _again(earlier, assignment, digest)
    late.note_shown(assignment, shown_ms_ago)
    arrives_late = late.is_late(assignment)
    withdrawal.hold(assignment.case_id)
    gates.require_part(assignment)
    take_turn(assignment=assignment)
    latest = assignment.ratings.order_by("-revision").first()
    if revision != (latest.revision if latest else 0):
        raise Conflict(
            _("This case was rated in another window. Load it again to see that rating.")
        )
    if revision and assignment.case.kind == Case.Kind.TRAINING:
        raise Conflict(_("The answer to an example stands: it was explained."))
    phase = assignment.case.phase
    criteria = {criterion.key: criterion for criterion in queries.criteria(phase)}
    tags = {tag.key: tag for tag in phase.rubric.tags.all()}
    check_answers(answers, list(criteria.values()), assignment.labels)
    check_marks(marks, tags, assignment.labels)
    rating = Rating.objects.create(
        id=rating_id,
        assignment=assignment,
        revision=revision + 1,
        comment=comment,
        duration_ms=duration_ms,
        paused_ms=paused_ms(pauses),
        pauses=[pause.as_dict() for pause in pauses],
        late=arrives_late,
        reason=reason if revision else "",
        body_hash=digest,
    )
    Score.objects.bulk_create(
        Score(
            rating=rating,
            criterion=criteria[answer.criterion],
            image=answer.image or "",
            value=answer.value,
            not_applicable=answer.not_applicable,
            text=answer.text,
            x=answer.x,
            y=answer.y,
        )
        for answer in answers
    )
    Mark.objects.bulk_create(
        Mark(rating=rating, number=number, **mark.as_dict() | {"tag": tags[mark.tag]})
        for number, mark in enumerate(marks, start=1)
    )
    keep_trail(rating=rating, trail=trail)
    return Saved(rating, created=True)


def hold(reader: StudyReader) -> ReaderStudy:
    """Until the transaction ends no other sheet of this reader is written and the study's state
    stays; a close waits for it. Returns the study as it is now."""
    StudyReader.objects.select_for_update(no_key=True).get(pk=reader.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM radrate_readerstudy WHERE id = %s FOR SHARE", [reader.study_id]
        )
    return ReaderStudy.objects.get(pk=reader.study_id)


def _again(earlier: Rating, assignment: Assignment, digest: str) -> Saved:
    if earlier.assignment_id != assignment.pk or earlier.body_hash != digest:
        raise Conflict(_("These answers contradict what was saved before. Load the case again."))
    return Saved(earlier, created=False)


def body_hash(answers: Sequence[Answer], comment: str, marks: Sequence[PlacedMark] = ()) -> str:
    """SHA-256 over the answers in canonical order, the comment and the marks in their order."""
    rows: list[Mapping[str, Any]] = sorted(
        (answer.as_dict() for answer in answers),
        key=lambda row: (row["criterion"], row["image"] or ""),
    )
    body = [rows, comment, [mark.as_dict() for mark in marks]]
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def require_reading(reader: StudyReader) -> None:
    """Raise `NotAllowed` unless the reader's study is open."""
    if reader.study.state != ReaderStudy.State.OPEN:
        raise NotAllowed(texts.not_open(reader.study))


@transaction.atomic
def submit_block(*, reader: StudyReader, number: int) -> None:
    """Hand in a block. Handing in twice is once; of a block that was withdrawn, nothing."""
    study = hold(reader)
    if study.state != ReaderStudy.State.OPEN:
        raise NotAllowed(texts.not_open(study))
    block = queries.block_page(reader, number)
    if not block.cases:
        return
    if not block.all_answered:
        raise Conflict(_("Some cases of this block are not rated yet."))
    BlockSubmission.objects.get_or_create(study_reader=reader, block=number)
