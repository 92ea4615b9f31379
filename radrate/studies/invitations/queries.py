"""Reads of invitations."""

import hashlib

from django.db.models import Q, QuerySet
from django.utils import timezone

from radrate.studies.invitations.models import Invitation
from radrate.studies.models import ReaderStudy

State = Invitation.State
LIVE = (State.SENT, State.OPENED)


def digest_of(token: str) -> str:
    """What is kept of a token: SHA-256; the token itself has 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def live(token: str) -> Invitation | None:
    """The invitation behind a link, if the link still works."""
    return (
        Invitation.objects.select_related("study", "invited_by")
        .filter(digest=digest_of(token), state__in=LIVE, expires_at__gt=timezone.now())
        .first()
    )


def of_study(study: ReaderStudy) -> QuerySet[Invitation]:
    return study.invitations.select_related("user")


def to_send(**among: int) -> QuerySet[Invitation]:
    return Invitation.objects.filter(Q(**among), state=State.WAITING)
