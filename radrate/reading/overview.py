"""A reader's readings and the page of each: how far it is, what comes next, what was agreed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.reading import gates, queries, texts
from radrate.reading.credits import Licence, licences
from radrate.reading.models import Certificate
from radrate.studies.models import ReaderStudy, StudyReader
from radrate.studies.queries import with_progress
from radrate.studies.rubrics.questions import Question, Tag, questions, tags
from radrate.studies.terms import current_consent, leaving, text_hash

State = ReaderStudy.State
SCREENS = 3


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A line of "my readings". `action` names what comes next, `url` leads there; both are empty
    while there is nothing to do, for a second session until `opens_at`."""

    title: str
    state_label: str
    done: int
    total: int
    minutes_left: int | None
    opens_at: datetime | None
    ends_on: date | None
    action: str
    url: str
    about_url: str


@dataclass(frozen=True, slots=True)
class ReadingAbout:
    """The page of one reading. Addresses are empty where there is nothing behind them."""

    row: ReadingRow
    is_open: bool
    left_at: datetime | None
    consent_version: int | None
    consented_at: datetime | None
    instructions_url: str
    consent_url: str
    leave_url: str
    debrief_url: str
    certificate_url: str


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """`asked` are the profile's fields that are still to be answered, empty if none."""

    title: str
    paragraphs: tuple[str, ...]
    text_hash: str
    is_change: bool
    agreed_at: datetime | None
    asked: Mapping[str, str]
    keeps_trail: bool


@dataclass(frozen=True, slots=True)
class InstructionScreen:
    """One of at most three: what you see, what you answer, keys and marks. `consent` is the
    phase's own text to agree to, `shown` tells which words were shown."""

    title: str
    number: int
    screens: int
    consent: tuple[str, ...]
    paragraphs: tuple[str, ...]
    rubric: tuple[Question, ...]
    tags: tuple[Tag, ...]
    phantom_notice: bool
    total: int
    minutes: int | None
    previous_url: str
    next_url: str
    is_entered: bool
    shown: str
    start_url: str


@dataclass(frozen=True, slots=True)
class LeavePage:
    title: str
    what_happens: str
    back_url: str


@dataclass(frozen=True, slots=True)
class Debrief:
    title: str
    paragraphs: tuple[str, ...]
    licences: tuple[Licence, ...]
    back_url: str


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """`name` and `code` are empty until it is issued."""

    title: str
    cases: int
    name: str
    code: str
    pdf_url: str
    check_url: str
    back_url: str


def my_readings(user: User) -> list[ReadingRow]:
    enrolments = (
        StudyReader.objects.filter(user=user, study__locked_at__isnull=False)
        .select_related("study")
        .order_by("-joined_at")
    )
    return [_row(reader) for reader in with_progress(enrolments)]


def _row(reader: Any) -> ReadingRow:
    """Of a reader that comes with `done` and `total`."""
    study = reader.study
    is_read = reader.done == reader.total
    goes_on = study.state == State.OPEN and reader.withdrawn_at is None
    opens_at = gates.opens_at(reader) if goes_on and 0 < reader.done < reader.total else None
    return ReadingRow(
        title=study.neutral_title,
        state_label=texts.state_of_reader(reader),
        done=reader.done,
        total=reader.total,
        minutes_left=queries.minutes_left(reader, reader.total - reader.done)
        if goes_on and not is_read
        else None,
        opens_at=opens_at,
        ends_on=study.ends_on,
        action=_action(reader) if goes_on and opens_at is None else "",
        url=reverse("reading_go", args=[reader.token]) if goes_on else "",
        about_url=reverse("reading_start", args=[reader.token])
        if study.state != State.LOCKED
        else "",
    )


def _action(reader: Any) -> str:
    """What the button that leads on says."""
    if reader.done == 0:
        return _("Start")
    if reader.done < reader.total or queries.block_to_submit(reader) is not None:
        return _("Continue")
    return ""


def with_counts(reader: StudyReader) -> Any:
    """The reader with its study, `done` and `total`."""
    return with_progress(StudyReader.objects.select_related("study").filter(pk=reader.pk)).get()


def about(reader: StudyReader) -> ReadingAbout:
    row = with_counts(reader)
    latest = reader.consents.select_related("consent_text").order_by("-consent_text__version")
    consent = latest.first()
    is_over = reader.study.closed_at is not None
    may_leave = reader.withdrawn_at is None and not is_over
    here = {
        name: reverse(f"reading_{name}", args=[reader.token])
        for name in ("consent", "leave", "debrief", "certificate")
    }
    return ReadingAbout(
        row=_row(row),
        is_open=reader.study.state == State.OPEN,
        left_at=reader.withdrawn_at,
        consent_version=consent.consent_text.version if consent else None,
        consented_at=consent.given_at if consent else None,
        instructions_url=reverse("reading_instructions", args=[reader.token, 1])
        if reader.entries.exists()
        else "",
        consent_url=here["consent"] if consent else "",
        leave_url=here["leave"] if may_leave else "",
        debrief_url=here["debrief"] if is_over else "",
        certificate_url=here["certificate"] if may_be_certified(row) else "",
    )


def may_be_certified(reader: Any) -> bool:
    """Of a reader with `done` and `total`: all is read, or the study is over and some was read."""
    if reader.withdrawn_at is not None or reader.done == 0:
        return False
    return reader.done == reader.total or reader.study.closed_at is not None


def consent_page(reader: StudyReader) -> ConsentPage:
    text = current_consent(reader.study)
    given = reader.consents.filter(consent_text=text).first()
    return ConsentPage(
        title=reader.study.neutral_title,
        paragraphs=texts.paragraphs(text.text),
        text_hash=text.text_hash,
        is_change=given is None and reader.consents.exists(),
        agreed_at=given.given_at if given else None,
        keeps_trail=reader.study.keeps_trail,
        asked={} if gates.facts_of(reader, None).has_profile else reader.study.profile_fields,
    )


def instruction_screen(reader: StudyReader, number: int) -> InstructionScreen | None:
    """Of the phase that comes next. Keys and marks are told once: a later phase has two screens.
    None where there is no such screen."""
    phase = queries.current_phase(reader)
    entered = set(reader.entries.values_list("phase", flat=True))
    screens = SCREENS - 1 if entered - {phase.pk} else SCREENS
    if not 1 <= number <= screens:
        return None
    urls = [reverse("reading_instructions", args=[reader.token, n]) for n in range(1, screens + 1)]
    counts = with_counts(reader)
    return InstructionScreen(
        title=reader.study.neutral_title,
        number=number,
        screens=screens,
        consent=texts.paragraphs(phase.consent),
        paragraphs=texts.instructions(phase),
        rubric=questions(queries.criteria(phase), phase.labels),
        tags=tags(phase.rubric),
        phantom_notice=reader.study.task == ReaderStudy.Task.WHICH_INTACT,
        total=counts.total,
        minutes=queries.minutes_left(reader, counts.total - counts.done),
        previous_url=urls[number - 2] if number > 1 else "",
        next_url=urls[number] if number < screens else "",
        is_entered=phase.pk in entered,
        shown=text_hash(texts.told(phase)),
        start_url=reverse("reading_enter", args=[reader.token]),
    )


def debrief(reader: StudyReader) -> Debrief | None:
    """None before the close: nobody is told whose images are among the cases while one reads."""
    study = reader.study
    if study.closed_at is None:
        return None
    return Debrief(
        title=study.neutral_title,
        paragraphs=texts.paragraphs(study.debrief),
        licences=licences(study),
        back_url=reverse("reading_start", args=[reader.token]),
    )


def certificate_page(reader: StudyReader) -> CertificatePage | None:
    """None for whoever gets no certificate."""
    row = with_counts(reader)
    if not may_be_certified(row):
        return None
    issued = Certificate.objects.filter(study_reader=reader).first()
    return CertificatePage(
        title=reader.study.neutral_title,
        cases=row.done,
        name=issued.name if issued else "",
        code=issued.code if issued else "",
        pdf_url=reverse("reading_certificate_pdf", args=[reader.token]),
        check_url=reverse("certificate_check"),
        back_url=reverse("reading_start", args=[reader.token]),
    )


def leave_page(reader: StudyReader) -> LeavePage:
    return LeavePage(
        title=reader.study.neutral_title,
        what_happens=leaving(reader.study),
        back_url=reverse("reading_start", args=[reader.token]),
    )


def is_under_way(reader: StudyReader) -> bool:
    """Whether the gates lead anywhere: the study is open and the reader takes part."""
    return reader.study.state == State.OPEN and reader.withdrawn_at is None
