"""What a reader does around the cases: profile and consent, instructions, leaving."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import Conflict, NotAllowed
from radrate.reading import gates, texts
from radrate.reading.models import Consent, PhaseEntry, ReaderProfile
from radrate.reading.services import hold
from radrate.studies.models import Phase, StudyReader
from radrate.studies.terms import current_consent, text_hash


@transaction.atomic
def agree(
    *, reader: StudyReader, shown_hash: str, profile: Mapping[str, Any] | None, trail: bool = False
) -> Consent:
    """Append the reader's consent to the text that was shown, with the profile where it was asked.

    `shown_hash` tells which text the reader had before their eyes; if it was changed meanwhile,
    they are shown the new one. `trail`: they agree to the viewer's trail, too.
    """
    study = hold(reader)
    _stays(reader)
    text = current_consent(study)
    if text.text_hash != shown_hash:
        raise Conflict(_("The text was changed while you read it. Please read it again."))
    if profile is not None:
        ReaderProfile.objects.get_or_create(study_reader=reader, defaults=dict(profile))
    consent, _created = Consent.objects.get_or_create(
        study_reader=reader,
        consent_text=text,
        defaults={
            "text_hash": text.text_hash,
            "language": get_language() or "",
            "trail": trail and study.keeps_trail,
        },
    )
    return consent


@transaction.atomic
def enter(*, reader: StudyReader, phase: Phase, shown_hash: str) -> PhaseEntry:
    """Note that the reader has been told what the phase asks, word by word. Twice is once.

    `shown_hash` tells which words the reader had before their eyes.
    """
    hold(reader)
    _stays(reader)
    words = texts.told(phase)
    if text_hash(words) != shown_hash:
        raise Conflict(_("Something else is to be read first."))
    entry, _created = PhaseEntry.objects.get_or_create(
        study_reader=reader,
        phase=phase,
        defaults={
            "text": words,
            "text_hash": shown_hash,
            "language": get_language() or "",
        },
    )
    return entry


@transaction.atomic
def leave(*, actor: User, reader: StudyReader) -> None:
    """The reader withdraws from the study, for good. Nothing is deleted. Twice is once."""
    study = hold(reader)
    left = StudyReader.objects.filter(pk=reader.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now()
    )
    if left:
        record(actor=actor, verb="leave_study", target=study, reader=reader.user_id)


def _stays(reader: StudyReader) -> None:
    if gates.has_left(reader):
        raise NotAllowed(_("You have left this reading."))
