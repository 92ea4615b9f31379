"""One mail that waits, as a worker sends it."""

import smtplib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from radrate.accounts.models import User
from radrate.studies.invitations import mail
from radrate.studies.invitations.models import Invitation
from radrate.studies.invitations.queries import digest_of, to_send
from radrate.studies.models import new_token

State = Invitation.State
VALID_FOR = timedelta(days=14)


def send(invitation_id: int) -> None:
    """Send one mail that waits, as a worker does. The link is made here and kept by its digest
    only. Twice at the same time is once; what the mail server refuses is told to the manager."""
    with transaction.atomic():
        waiting = to_send(pk=invitation_id).select_for_update(skip_locked=True, of=("self",))
        invitation = waiting.select_related("study", "invited_by").first()
        if invitation is None:
            return
        token = renew(invitation)
        try:
            mail.message(invitation, token).send()
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            move(invitation, State.FAILED, problem=str(error)[:300])


def renew(invitation: Invitation) -> str:
    """A new token; whatever was sent before stops working."""
    token = new_token()
    invitation.digest = digest_of(token)
    invitation.expires_at = timezone.now() + VALID_FOR
    invitation.state, invitation.problem = State.SENT, ""
    invitation.save()
    return token


def move(
    invitation: Invitation, state: str, *, user: User | None = None, problem: str = ""
) -> None:
    """To a state in which no link works."""
    invitation.state, invitation.user, invitation.problem = state, user, problem
    invitation.digest = invitation.expires_at = None
    invitation.save()
