"""What a reader does next, decided in one place: every page and the API ask here.

profile and consent → at most three screens of instructions → display check → cases → the end
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from radrate.errors import NotAllowed
from radrate.reading import queries
from radrate.reading.models import Consent, PhaseEntry, ReaderProfile
from radrate.studies.models import ConsentText, StudyReader


class Step(StrEnum):
    LEFT = "left"
    CONSENT = "consent"
    INSTRUCTIONS = "instructions"
    DISPLAY = "display"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a reader's way to the next case."""

    has_left: bool
    has_consented: bool
    has_profile: bool
    has_entered: bool
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
    if not facts.has_entered:
        return Step.INSTRUCTIONS
    if facts.display_is_due:
        return Step.DISPLAY
    return Step.READ


def facts_of(reader: StudyReader) -> Facts:
    """In one query. `reader` comes with its study."""
    newest = ConsentText.objects.filter(study=OuterRef("study")).order_by("-version")
    mine = {"study_reader": OuterRef("pk")}
    row = (
        StudyReader.objects.filter(pk=reader.pk)
        .annotate(newest=Subquery(newest.values("pk")[:1]))
        .values(
            "withdrawn_at",
            consented=Exists(Consent.objects.filter(**mine, consent_text=OuterRef("newest"))),
            described=Exists(ReaderProfile.objects.filter(**mine)),
            entered=Exists(PhaseEntry.objects.filter(**mine)),
        )
        .get()
    )
    return Facts(
        has_left=row["withdrawn_at"] is not None,
        has_consented=row["consented"],
        has_profile=row["described"] or not reader.study.profile_fields,
        has_entered=row["entered"],
    )


def step_of(reader: StudyReader) -> Step:
    return next_step(facts_of(reader))


def next_url(reader: StudyReader) -> str:
    """Where the reader goes on."""
    return _url(reader, step_of(reader))


def require_open(reader: StudyReader) -> None:
    """Raise `GateClosed` unless the reader may see a case."""
    _require(reader, Step.READ)


def require_part(reader: StudyReader) -> None:
    """Raise `GateClosed` unless answers of the reader are taken. Whether the screen is to be
    checked again does not matter for what was seen before."""
    _require(reader, Step.READ, Step.DISPLAY)


def _require(reader: StudyReader, *steps: Step) -> None:
    step = step_of(reader)
    if step not in steps:
        raise GateClosed(step, _url(reader, step))


def _url(reader: StudyReader, step: Step) -> str:
    match step:
        case Step.CONSENT:
            return reverse("reading_consent", args=[reader.token])
        case Step.INSTRUCTIONS:
            return reverse("reading_instructions", args=[reader.token, 1])
        case Step.READ:
            return queries.resume_url(reader)
    return reverse("reading_start", args=[reader.token])


def _reason(step: Step) -> str:
    return {
        Step.LEFT: _("You have left this reading."),
        Step.CONSENT: _("Before the next case there is something to agree to."),
        Step.INSTRUCTIONS: _("Before the next case there is something to read."),
        Step.DISPLAY: _("Before the next case your screen is checked."),
    }[step]
