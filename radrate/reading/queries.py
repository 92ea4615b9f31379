"""Reads for readers. Every function takes the user and finds only what is theirs."""

from math import ceil
from statistics import median
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Max,
    OuterRef,
    Q,
    QuerySet,
)
from django.http import Http404
from django.urls import reverse
from django.utils.crypto import salted_hmac

from radrate.accounts.models import User
from radrate.errors import NotAllowed
from radrate.reading import texts
from radrate.reading.cases import (
    BlindedCase,
    BlindedImage,
    Block,
    BlockCase,
)
from radrate.reading.marks import PlacedMark
from radrate.reading.models import BlockSubmission, Rating
from radrate.reading.trails import keeps_trail
from radrate.studies.models import Assignment, Case, Phase, ReaderStudy, StudyReader
from radrate.studies.rubrics.models import Criterion
from radrate.studies.rubrics.questions import questions, tags
from radrate.studies.withdrawal import stands

State = ReaderStudy.State
PACE_S = 90  # assumed for a case until the reader's own pace is known


def my_reader(user: User, token: str) -> StudyReader:
    """The enrolment behind the token, if it is this user's and its study is past the lock."""
    found = (
        StudyReader.objects.select_related("study", "user")
        .filter(user=user, token=token, study__locked_at__isnull=False)
        .first()
    )
    if found is None:
        raise Http404
    return found


def my_assignment(user: User, token: str) -> Assignment:
    """The assignment behind the token, if it is this user's and may be read now."""
    found = assignment_in_any_state(user, token)
    if found.study_reader.study.state != State.OPEN:
        raise NotAllowed(texts.not_open(found.study_reader.study))
    return found


def assignment_in_any_state(user: User, token: str) -> Assignment:
    """The same, whatever becomes of its study."""
    found = (
        Assignment.objects.select_related(
            "study_reader__study", "study_reader__user", "case__phase__rubric"
        )
        .filter(study_reader__user=user, token=token)
        .first()
    )
    if found is None:
        raise Http404
    return found


def with_state(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Each with `is_rated` and `is_withdrawn`; withdrawn and not rated is skipped."""
    return assignments.annotate(
        is_rated=Exists(Rating.objects.filter(assignment=OuterRef("pk"))),
        is_withdrawn=ExpressionWrapper(~stands("case__"), output_field=BooleanField()),
    )


def counted(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """What the reader has rated or is to rate: all but the skipped."""
    return with_state(assignments).filter(Q(is_rated=True) | Q(is_withdrawn=False))


def submitted_blocks(reader: StudyReader) -> set[int]:
    return set(reader.submissions.values_list("block", flat=True))


def next_assignment(reader: StudyReader) -> Assignment | None:
    """The first case that is to be rated, in the reader's order."""
    waiting = counted(reader.assignments).filter(is_rated=False).select_related("case__phase")
    return waiting.order_by("position").first()


def block_to_submit(reader: StudyReader) -> int | None:
    """The first block that is fully rated and not handed in."""
    done = submitted_blocks(reader)
    blocks = (
        counted(reader.assignments)
        .values("block")
        .annotate(missing=Count("pk", filter=Q(is_rated=False)))
        .filter(missing=0)
        .order_by("block")
    )
    return next((row["block"] for row in blocks if row["block"] not in done), None)


def way_on(reader: StudyReader) -> tuple[int | None, Assignment | None]:
    """What is to be done next: a block to hand in, else a case to rate, else neither."""
    block = block_to_submit(reader)
    return (block, None) if block is not None else (None, next_assignment(reader))


def url_on(reader: StudyReader, block: int | None, following: Assignment | None) -> str:
    if block is not None:
        return reverse("reading_block", args=[reader.token, block])
    if following is not None:
        return reverse("reading_case", args=[following.token])
    return reverse("reading_done", args=[reader.token])


def resume_url(reader: StudyReader) -> str:
    """Where the reader goes on among the cases; what comes before them `gates` knows."""
    return url_on(reader, *way_on(reader))


def minutes_left(reader: StudyReader, remaining: int) -> int:
    """By the median time of the reader's own last 20 ratings."""
    recent = (
        Rating.objects.filter(assignment__study_reader=reader, revision=1)
        .order_by("-at")
        .values_list("duration_ms", flat=True)[:20]
    )
    pace = median(recent) / 1000 if recent else PACE_S
    return max(1, ceil(pace * remaining / 60)) if remaining else 0


def criteria(phase: Phase) -> list[Criterion]:
    """What is asked of each case, in its order; the design's own questions come last unless the
    phase says first."""
    scores = list(phase.rubric.criteria.all())
    verdict = list(phase.verdict.criteria.all()) if phase.verdict else []
    return [*verdict, *scores] if phase.verdict_first else [*scores, *verdict]


def image_urls(assignment: Assignment) -> tuple[BlindedImage, ...]:
    return tuple(
        BlindedImage(label, reverse("blinded_image", args=[f"{assignment.token}/{label}"]))
        for label in assignment.labels
    )


def current_phase(reader: StudyReader) -> Phase:
    """The phase of the next case; the last one when all is rated."""
    following = next_assignment(reader)
    phases = reader.study.phases.select_related("study", "rubric", "verdict")
    if following is not None:
        return phases.get(cases=following.case_id)
    return phases.last()


def blinded_case(assignment: Assignment) -> BlindedCase:
    """Everything the page needs, and nothing that names or hints at an origin."""
    reader = assignment.study_reader
    study = reader.study
    phase = assignment.case.phase
    parts = ("scores__criterion", "marks__tag")
    latest = assignment.ratings.prefetch_related(*parts).order_by("-revision").first()
    shown = reader.assignments.filter(stands("case__"))
    previous = shown.filter(position__lt=assignment.position).order_by("-position").first()
    following = shown.filter(position__gt=assignment.position).order_by("position").first()
    counts = counted(reader.assignments).aggregate(
        number=Count("pk", filter=Q(position__lte=assignment.position)),
        total=Count("pk"),
        done=Count("pk", filter=Q(is_rated=True)),
    )
    return BlindedCase(
        token=assignment.token,
        number=counts["number"],
        total=counts["total"],
        title=study.neutral_title,
        minutes_left=minutes_left(reader, counts["total"] - counts["done"]),
        images=image_urls(assignment),
        rubric=questions(criteria(phase), phase.labels),
        tags=tags(phase.rubric),
        answers=answers(latest),
        marks=marks(latest),
        comment=latest.comment if latest else "",
        revision=latest.revision if latest else 0,
        reading=reader.token,
        reader_key=reader_key(reader.user_id),
        phantom_notice=study.task == ReaderStudy.Task.WHICH_INTACT,
        keeps_trail=keeps_trail(reader),
        problem_url=reverse("reading_problem", args=[assignment.token]),
        save_url=reverse("reading_save", args=[assignment.token]),
        page_url=reverse("reading_case", args=[assignment.token]),
        previous_url=_case_url(previous, assignment.block),
        next_url=_case_url(following, assignment.block) if latest else None,
        block_url=reverse("reading_block", args=[reader.token, assignment.block]),
        ahead_url=_ahead_url(following, assignment.block),
        home_url=reverse("reading_list"),
        preload=tuple(image.url for image in image_urls(following)) if following else (),
        feedback_url=_feedback_url(assignment),
    )


def _feedback_url(assignment: Assignment) -> str | None:
    """Where an example is explained; a catch trial is no different from any other case."""
    if assignment.case.kind != Case.Kind.TRAINING:
        return None
    return reverse("reading_feedback", args=[assignment.token])


def _case_url(neighbour: Assignment | None, block: int) -> str | None:
    """Cases of another block are handed in already or not yet open."""
    if neighbour is None or neighbour.block != block:
        return None
    return reverse("reading_case", args=[neighbour.token])


def _ahead_url(following: Assignment | None, block: int) -> str | None:
    """Where the case after this one may be fetched before it is shown."""
    url = _case_url(following, block)
    return f"{url}?ahead" if url else None


def reader_key(user_id: int) -> str:
    """Under which the browser keeps this person's answers; tells nothing about the person."""
    return salted_hmac("radrate.reader_key", str(user_id), algorithm="sha256").hexdigest()[:16]


def answers(rating: Rating | None) -> tuple[dict[str, Any], ...]:
    if rating is None:
        return ()
    return tuple(
        {
            "criterion": score.criterion.key,
            "image": score.image or None,
            "value": score.value,
            "not_applicable": score.not_applicable,
            "text": score.text,
            "x": None if score.x is None else float(score.x),
            "y": None if score.y is None else float(score.y),
        }
        for score in rating.scores.all()
    )


def marks(rating: Rating | None) -> tuple[dict[str, Any], ...]:
    """In the order of their numbers, as a sheet holds them."""
    if rating is None:
        return ()
    return tuple(
        PlacedMark(
            image=mark.image,
            shape=mark.shape,
            x=float(mark.x),
            y=float(mark.y),
            width=float(mark.width),
            height=float(mark.height),
            tag=mark.tag.key,
            severity=mark.severity,
        ).as_dict()
        for mark in rating.marks.all()
    )


def block_page(reader: StudyReader, number: int) -> Block:
    """A block without cases is one whose cases were all withdrawn."""
    if not reader.assignments.filter(block=number).exists():
        raise Http404
    rows = counted(reader.assignments)
    first = rows.filter(block__lt=number).count() + 1
    cases = tuple(
        BlockCase(
            number=count,
            answered=row.is_rated,
            url=None if row.is_withdrawn else reverse("reading_case", args=[row.token]),
        )
        for count, row in enumerate(rows.filter(block=number).order_by("position"), first)
    )
    return Block(
        title=reader.study.neutral_title,
        number=number,
        blocks=reader.assignments.aggregate(last=Max("block"))["last"],
        cases=cases,
        all_answered=all(case.answered for case in cases),
        remaining=sum(not case.answered for case in cases),
        continue_url=next((case.url for case in cases if not case.answered), None),
        submit_url=reverse("reading_submit_block", args=[reader.token, number]),
    )


def is_submitted(reader: StudyReader, block: int) -> bool:
    return BlockSubmission.objects.filter(study_reader=reader, block=block).exists()
