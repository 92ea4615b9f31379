"""Readers who have come as far as a test needs them."""

from radrate.reading import entry, texts
from radrate.reading.display import Report, record_display_check
from radrate.studies.invitations import services
from radrate.studies.invitations.models import Invitation
from radrate.studies.models import Phase, ReaderStudy, StudyReader
from radrate.studies.terms import current_consent, text_hash

SITE = "https://radrate.example.org"
PROFILE = {
    "years_of_experience": 12,
    "specialty": "radiology",
    "region_of_expertise": "chest",
    "ai_familiarity": 3,
}


def make_invitation(study: ReaderStudy, *, email: str = "anna@example.org") -> Invitation:
    """Made, not sent yet; the same for the same address."""
    services.invite(actor=study.manager, study=study, emails=[email], site=SITE)
    return study.invitations.get(email=email)


def make_link(study: ReaderStudy, *, email: str = "anna@example.org") -> str:
    """The path of a link that works."""
    invitation = make_invitation(study, email=email)
    link = services.make_link(actor=study.manager, invitation=invitation, site=SITE)
    return link.removeprefix(SITE)


def consent(reader: StudyReader) -> None:
    """Answer the profile and agree to the text as it stands."""
    text = current_consent(reader.study)
    entry.agree(reader=reader, shown_hash=text.text_hash, profile=PROFILE)


def admit(reader: StudyReader) -> StudyReader:
    """Through every gate to the first case."""
    introduce(reader)
    record_display_check(reader=reader, report=Report())
    return reader


def introduce(reader: StudyReader) -> StudyReader:
    """Through every gate but the display check."""
    consent(reader)
    for phase in reader.study.phases.all():
        enter(reader, phase)
    return reader


def enter(reader: StudyReader, phase: Phase) -> None:
    """Read what the phase asks."""
    entry.enter(reader=reader, phase=phase, shown_hash=text_hash(texts.told(phase)))


def admit_all(study: ReaderStudy) -> ReaderStudy:
    for reader in study.readers.select_related("study"):
        admit(reader)
    return study
