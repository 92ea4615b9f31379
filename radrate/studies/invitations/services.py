"""Invitations: made by a manager, sent by a worker, accepted once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import Conflict, DomainError
from radrate.studies.enrolment import add_reader
from radrate.studies.invitations import mail
from radrate.studies.invitations.models import Invitation
from radrate.studies.invitations.queries import LIVE, digest_of, live
from radrate.studies.invitations.sending import move, renew
from radrate.studies.invitations.tasks import send_invitation
from radrate.studies.models import ReaderStudy, StudyReader
from radrate.studies.services import READABLE, locked

State = Invitation.State
INVITES = (ReaderStudy.State.DRAFT, ReaderStudy.State.LOCKING, *READABLE)


@dataclass(frozen=True, slots=True)
class Invited:
    """`known` addresses had been invited before and are left as they are."""

    new: int
    known: int


@transaction.atomic
def invite(*, actor: User, study: ReaderStudy, emails: Iterable[str], site: str) -> Invited:
    """Invite addresses; a worker sends the mails. `site` is scheme and host of the links."""
    study = locked(study)
    _requires_readers(study)
    wanted = list(dict.fromkeys(emails))
    known = {invitation.email.lower(): invitation for invitation in study.invitations.all()}
    new = 0
    for email in wanted:
        earlier = known.get(email)
        if earlier is None:
            earlier = Invitation(study=study, email=email, invited_by=actor)
        elif earlier.state != State.REVOKED:
            continue
        _send_anew(earlier, actor=actor, site=site)
        new += 1
    return Invited(new, len(wanted) - new)


@transaction.atomic
def resend(*, actor: User, invitation: Invitation, site: str) -> None:
    """A new link by a new mail; the one before stops working."""
    invitation = _held(invitation)
    _requires_readers(invitation.study)
    _not_accepted(invitation)
    _send_anew(invitation, actor=actor, site=site)


@transaction.atomic
def make_link(*, actor: User, invitation: Invitation, site: str) -> str:
    """A new link to be handed over by other means than mail. It is known to nobody else."""
    invitation = _held(invitation)
    _requires_readers(invitation.study)
    _not_accepted(invitation)
    invitation.site = site
    token = renew(invitation)
    record(actor=actor, verb="show_invitation", target=invitation)
    return mail.link(invitation, token)


@transaction.atomic
def revoke(*, actor: User, invitation: Invitation) -> None:
    """The link stops working. Twice is once."""
    invitation = _held(invitation)
    _not_accepted(invitation)
    if invitation.state == State.REVOKED:
        return
    move(invitation, State.REVOKED)
    record(actor=actor, verb="revoke_invitation", target=invitation)


def note_opened(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk, state=State.SENT).update(
        state=State.OPENED, changed_at=timezone.now()
    )


@transaction.atomic
def accept(*, token: str, user: User) -> StudyReader:
    """Enrol the person. The link works for one person, once.

    Raises `NotAllowed` with the reason for whoever cannot read this study blind, `Conflict` where
    it takes no readers; the invitation stays as it is.
    """
    found = live(token)
    if found is None:
        raise DomainError(unusable())
    invitation = _held(found)
    if invitation.state not in LIVE or invitation.digest != digest_of(token):
        raise DomainError(unusable())
    _takes_readers(invitation.study)
    reader = invitation.study.readers.filter(user=user).first() or add_reader(
        actor=invitation.invited_by, study=invitation.study, user=user
    )
    move(invitation, State.ACCEPTED, user=user)
    record(actor=user, verb="accept_invitation", target=invitation)
    return reader


def unusable() -> str:
    """The same sentence whether a link is unknown, used, revoked or too old."""
    return _("This link does not work any more. Please ask whoever invited you for a new one.")


def forget(user: User) -> None:
    """Erase the addresses by which a person was invited."""
    for invitation in Invitation.objects.filter(user=user):
        invitation.email = f"erased-{invitation.pk}@invalid.invalid"
        invitation.save(update_fields=["email"])


def _send_anew(invitation: Invitation, *, actor: User, site: str) -> None:
    invitation.site = site
    move(invitation, State.WAITING)
    record(actor=actor, verb="invite", target=invitation, study=str(invitation.study_id))
    pk = invitation.pk
    transaction.on_commit(lambda: send_invitation.delay(pk), robust=True)


def _held(invitation: Invitation) -> Invitation:
    """The invitation as it is now; nobody else changes it until the transaction ends."""
    held = Invitation.objects.select_for_update(of=("self",))
    return held.select_related("study", "invited_by").get(pk=invitation.pk)


def _not_accepted(invitation: Invitation) -> None:
    if invitation.state == State.ACCEPTED:
        raise Conflict(_("This invitation was accepted already."))


def _requires_readers(study: ReaderStudy) -> None:
    if study.state not in INVITES:
        raise Conflict(_("Readers can be added until the study is closed."))


def _takes_readers(study: ReaderStudy) -> None:
    """In the words of the invited person."""
    if study.state == ReaderStudy.State.LOCKING:
        raise Conflict(
            _("This reading is just being prepared. Please open the link again in a few minutes.")
        )
    if study.state not in INVITES:
        raise Conflict(_("This reading has ended. Thank you for your interest."))
