"""The mail that reminds a reader. It tells neither the study's name nor its aim."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from radrate.studies.models import StudyReader


def reminder(reader: StudyReader, *, link: str, left: int, reply_to: str) -> EmailMessage:
    """Plain text. `left` cases wait; answers go to whoever reminds, if that person has an
    address."""
    title = reader.study.neutral_title
    paragraphs = [
        _("%(title)s waits for you: %(left)s cases are left to read.")
        % {"title": title, "left": left},
        _("You can go on where you stopped, in as many sittings as you like:"),
        link,
    ]
    if reader.study.ends_on:
        day = date_format(reader.study.ends_on, "DATE_FORMAT")
        paragraphs.append(_("It is planned to be read until %(day)s.") % {"day": day})
    paragraphs.append(_("Taking part is voluntary. If you do not want to go on, please say so."))
    return EmailMessage(
        subject=_("Reminder: %(title)s") % {"title": title},
        body="\n\n".join(paragraphs) + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[reader.user.email],
        reply_to=[reply_to] if reply_to else None,
        headers={"Auto-Submitted": "auto-generated"},
    )
