"""What a reader does next, decided in one place: every page and the API ask here.

profile and consent → at most three screens of instructions → display check → cases → the end,
and before each later phase its own introduction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Exists, Max, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from radrate.errors import NotAllowed
from radrate.reading import queries
from radrate.reading.display import valid_since
from radrate.reading.models import Consent, DisplayCheck, PhaseEntry, Rating, ReaderProfile
from radrate.studies.models import Assignment, ConsentText, StudyReader


class Step(StrEnum):
    LEFT = "left"
    CONSENT = "consent"
    WAIT = "wait"
    INSTRUCTIONS = "instructions"
    DISPLAY = "display"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a reader's way to a case. `has_entered` its phase: has been told what it
    asks; `is_early`: it belongs to a second session, whose washout is not over."""

    has_left: bool
    has_consented: bool
    has_profile: bool
    has_entered: bool
    is_early: bool = False
    display_is_due: bool = False


class GateClosed(NotAllowed):
    """Something comes before the next case. `next_url` is where it is done; `final` if nothing
    that the reader does opens it again."""

    def __init__(self, step: Step, next_url: str) -> None:
        super().__init__(_reason(step))
        self.next_url = next_url
        self.final = step == Step.LEFT


def next_step(facts: Facts) -> Step:
    """Leaving is final; the rest is asked in the order in which it stands here."""
    if facts.has_left:
        return Step.LEFT
    if not (facts.has_consented and facts.has_profile):
        return Step.CONSENT
    if facts.is_early:
        return Step.WAIT
    if not facts.has_entered:
        return Step.INSTRUCTIONS
    if facts.display_is_due:
        return Step.DISPLAY
    return Step.READ


def facts_of(reader: StudyReader, wanted: Assignment | None) -> Facts:
    """In one query, two for a case of a second session. `reader` comes with its study,
    `wanted`, if any, with its case."""
    newest = ConsentText.objects.filter(study=OuterRef("study")).order_by("-version")
    mine = {"study_reader": OuterRef("pk")}
    phase = wanted.case.phase_id if wanted else None
    row = (
        StudyReader.objects.filter(pk=reader.pk)
        .annotate(newest=Subquery(newest.values("pk")[:1]))
        .values(
            "withdrawn_at",
            consented=Exists(Consent.objects.filter(**mine, consent_text=OuterRef("newest"))),
            described=Exists(ReaderProfile.objects.filter(**mine)),
            checked=Exists(DisplayCheck.objects.filter(**mine, at__gte=valid_since(reader))),
            entered=Exists(PhaseEntry.objects.filter(**mine, phase=phase)),
        )
        .get()
    )
    if reader.reader_class == StudyReader.ReaderClass.MACHINE:  # is told and agrees to nothing
        return Facts(row["withdrawn_at"] is not None, True, True, True, _is_early(wanted))
    return Facts(
        has_left=row["withdrawn_at"] is not None,
        has_consented=row["consented"],
        has_profile=row["described"] or not reader.study.profile_fields,
        has_entered=wanted is None or row["entered"],
        is_early=_is_early(wanted),
        display_is_due=wanted is not None and not row["checked"],
    )


def session_opens_at(wanted: Assignment | None) -> datetime | None:
    """When a case of a second session may be read: some days after the last one of the first."""
    if wanted is None or wanted.session == 1:
        return None
    phase = wanted.case.phase
    first = Rating.objects.filter(
        assignment__study_reader=wanted.study_reader_id,
        assignment__case__phase=phase,
        assignment__session=1,
    )
    last = first.aggregate(at=Max("at"))["at"]
    return last + timedelta(days=phase.washout_days) if last else None


def opens_at(reader: StudyReader) -> datetime | None:
    """Until when the reader waits for the second session; None if there is no need to."""
    _block, following = queries.way_on(reader)
    opens = session_opens_at(following)
    return opens if opens is not None and timezone.now() < opens else None


def _is_early(wanted: Assignment | None) -> bool:
    opens = session_opens_at(wanted)
    return opens is not None and timezone.now() < opens


def has_left(reader: StudyReader) -> bool:
    return StudyReader.objects.filter(pk=reader.pk, withdrawn_at__isnull=False).exists()


def next_url(reader: StudyReader) -> str:
    """Where the reader goes on. What is answered is handed in before anything new is told."""
    block, following = queries.way_on(reader)
    step = next_step(facts_of(reader, following))
    if step == Step.READ:
        return queries.url_on(reader, block, following)
    return _url(reader, step)


def require_open(wanted: Assignment) -> None:
    """Raise `GateClosed` unless the reader may see this case."""
    _require(wanted, Step.READ)


def require_part(wanted: Assignment) -> None:
    """Raise `GateClosed` unless answers to this case are taken. Whether the screen is to be
    checked again does not matter for what was seen before."""
    _require(wanted, Step.READ, Step.DISPLAY)


def _require(wanted: Assignment, *steps: Step) -> None:
    reader = wanted.study_reader
    step = next_step(facts_of(reader, wanted))
    if step not in steps:
        raise GateClosed(step, _url(reader, step))


def _url(reader: StudyReader, step: Step) -> str:
    """Of a gate."""
    match step:
        case Step.CONSENT:
            return reverse("reading_consent", args=[reader.token])
        case Step.INSTRUCTIONS:
            return reverse("reading_instructions", args=[reader.token, 1])
        case Step.DISPLAY:
            return reverse("reading_display", args=[reader.token])
    return reverse("reading_start", args=[reader.token])


def _reason(step: Step) -> str:
    return {
        Step.LEFT: _("You have left this reading."),
        Step.CONSENT: _("Before the next case there is something to agree to."),
        Step.WAIT: _("The second reading opens later."),
        Step.INSTRUCTIONS: _("Before the next case there is something to read."),
        Step.DISPLAY: _("Before the next case your screen is checked."),
    }[step]
