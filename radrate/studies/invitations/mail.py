"""The one mail that an invited person gets. It tells neither the study's name nor its aim."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from radrate.studies.invitations.models import Invitation


def link(invitation: Invitation, token: str) -> str:
    return invitation.site + reverse("invitation", args=[token])


def message(invitation: Invitation, token: str) -> EmailMessage:
    """Plain text. Answers go to whoever invites, if that person has an address."""
    title = invitation.study.neutral_title
    until = date_format(localtime(invitation.expires_at), "DATE_FORMAT")
    paragraphs = (
        _("You are invited to take part as a reader: %(title)s.") % {"title": title},
        _(
            "You will look at radiographs in your browser and answer questions about them, in as "
            "many sittings as you like. Taking part is voluntary."
        ),
        _("This link is yours alone. It works once, until %(until)s:") % {"until": until},
        link(invitation, token),
        _("If you did not expect this mail, do nothing; nothing is stored of you but the address."),
    )
    return EmailMessage(
        subject=_("Invitation: %(title)s") % {"title": title},
        body="\n\n".join(paragraphs) + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[invitation.email],
        reply_to=[invitation.invited_by.email] if invitation.invited_by.email else None,
        headers={"Auto-Submitted": "auto-generated"},
    )
