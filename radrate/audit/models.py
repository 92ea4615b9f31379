"""Who did what, when. Rows are appended; a trigger in the database forbids everything else."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    at = models.DateTimeField(_("time"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    verb = models.CharField(_("verb"), max_length=64)
    target_type = models.CharField(_("kind of target"), max_length=64)
    target_id = models.CharField(_("target"), max_length=64)
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        indexes = [models.Index(fields=["target_type", "target_id"], name="event_target")]
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.target_type} {self.target_id}"
