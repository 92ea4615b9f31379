"""The one form in which a reader is ever sent an image."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from radrate.images.models import Radiograph


class RenditionSet(models.Model):
    """Renditions made by one recipe and padded to one length in bytes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipe = models.JSONField(_("recipe"))
    length = models.PositiveIntegerField(_("length in bytes"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("rendition set")
        verbose_name_plural = _("rendition sets")

    def __str__(self) -> str:
        return str(self.pk)


class Rendition(models.Model):
    rendition_set = models.ForeignKey(RenditionSet, models.CASCADE, related_name="renditions")
    radiograph = models.ForeignKey(Radiograph, models.PROTECT, related_name="+")
    file = models.FileField(_("file"), max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rendition_set", "radiograph"], name="rendition_once_a_set"
            )
        ]
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")

    def __str__(self) -> str:
        return str(self.pk)
