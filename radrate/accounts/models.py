"""People. A manager plans and sees results; a reader is whoever a study has enrolled."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    is_manager = models.BooleanField(
        _("manager"),
        default=False,
        help_text=_("May import radiographs, launch campaigns and design studies."),
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
