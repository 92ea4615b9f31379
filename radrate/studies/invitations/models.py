"""A person asked by e-mail to read a study. The secret of the link is kept as a digest only."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from radrate.studies.models import ReaderStudy


class Invitation(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("being sent")
        SENT = "sent", _("sent")
        OPENED = "opened", _("opened")
        ACCEPTED = "accepted", _("accepted")
        REVOKED = "revoked", _("revoked")
        FAILED = "failed", _("not sent")

    study = models.ForeignKey(ReaderStudy, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"), max_length=254)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    site = models.URLField(_("where the link leads"), max_length=300)
    digest = models.CharField(_("SHA-256 of the token"), max_length=64, null=True, unique=True)  # noqa: DJ001 (empty digests are many)
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)
    problem = models.CharField(_("why it was not sent"), max_length=300, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint("study", Lower("email"), name="address_invited_once_a_study"),
            models.CheckConstraint(
                condition=Q(state="accepted", user__isnull=False)
                | ~Q(state="accepted") & Q(user__isnull=True),
                name="acceptance_has_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "accepted", "revoked", "failed"])
                | Q(digest__isnull=True),
                name="only_a_live_invitation_has_a_token",
            ),
        ]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.study_id} {self.state}"
