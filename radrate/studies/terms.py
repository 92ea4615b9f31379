"""On which terms readers take part: the consent text and its versions, what is asked of them, what
becomes of the answers of one who leaves."""

import hashlib
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import Conflict, DomainError
from radrate.studies.models import ConsentText, ReaderStudy
from radrate.studies.services import locked

PROFILE_FIELDS = ("years_of_experience", "specialty", "region_of_expertise", "ai_familiarity")
ASKED, REQUIRED = "asked", "required"
LONGEST = 20_000


def text_hash(text: str) -> str:
    """SHA-256 over the UTF-8 of what is shown."""
    return hashlib.sha256(text.encode()).hexdigest()


def default_consent(study: ReaderStudy) -> str:
    """The wording of a study that has none of its own. It tells nothing of the aim."""
    return "\n\n".join(
        (
            _(
                "You look at radiographs and answer questions about them. Taking part is "
                "voluntary, and you may leave at any time on the page of this reading, without "
                "giving a reason and without disadvantage."
            ),
            _(
                "Kept are your answers and marks, when and how long you looked at a case, how your "
                "screen showed it, and what you tell about yourself on this page. All of it is "
                "kept and analysed under a pseudonym; your name and address stay with the people "
                "who run this installation and appear in no result."
            ),
            leaving(study),
        )
    )


def leaving(study: ReaderStudy) -> str:
    """What becomes of the answers of a reader who leaves: decided before the lock."""
    if study.analyses_leavers:
        return _(
            "If you leave, the answers that you have given stay, under the pseudonym, and are "
            "analysed. Nothing more is asked of you."
        )
    return _(
        "If you leave, the answers that you have given stay in the record under the pseudonym, "
        "marked as those of a reader who left, and are kept out of the analysis."
    )


def latest_consent(study: ReaderStudy) -> ConsentText | None:
    return study.consent_texts.order_by("-version").first()


@transaction.atomic
def current_consent(study: ReaderStudy) -> ConsentText:
    """What readers agree to now. The default becomes version 1 when it is first shown."""
    found = latest_consent(study)
    if found is not None:
        return found
    ReaderStudy.objects.select_for_update(no_key=True).get(pk=study.pk)
    return latest_consent(study) or _append(study, default_consent(study))


@transaction.atomic
def publish_consent(*, actor: User, study: ReaderStudy, text: str) -> ConsentText:
    """A new version, which every reader is asked to agree to before the next case.

    The text that stands already is no new version.
    """
    if not text.strip():
        raise DomainError(_("Readers must be told what they agree to."))
    study = locked(study)
    if study.closed_at is not None:
        raise Conflict(_("Nobody can agree to a new text after the close."))
    current = latest_consent(study)
    if current is not None and current.text == text:
        return current
    published = _append(study, text)
    record(
        actor=actor,
        verb="publish_consent",
        target=study,
        version=published.version,
        text_hash=published.text_hash,
    )
    return published


def _append(study: ReaderStudy, text: str) -> ConsentText:
    last = latest_consent(study)
    return ConsentText.objects.create(
        study=study,
        version=last.version + 1 if last else 1,
        text=text,
        text_hash=text_hash(text),
    )


@transaction.atomic
def set_terms(
    *,
    actor: User,
    study: ReaderStudy,
    profile_fields: Mapping[str, str],
    analyses_leavers: bool,
    institution: str,
    debrief: str,
) -> ReaderStudy:
    """What is asked of readers and told to them. What becomes of a leaver's answers is part of
    the protocol: after the lock it stands."""
    study = locked(study)
    frozen = study.state != ReaderStudy.State.DRAFT
    if frozen and analyses_leavers != study.analyses_leavers:
        raise Conflict(
            _("What becomes of the answers of readers who leave is part of the locked protocol.")
        )
    study.profile_fields = {
        name: profile_fields[name]
        for name in PROFILE_FIELDS
        if profile_fields.get(name) in (ASKED, REQUIRED)
    }
    study.analyses_leavers = analyses_leavers
    study.institution = institution.strip()
    study.debrief = debrief.strip()
    study.save(update_fields=["profile_fields", "analyses_leavers", "institution", "debrief"])
    record(actor=actor, verb="set_terms", target=study, profile_fields=study.profile_fields)
    return study
