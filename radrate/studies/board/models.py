"""What a manager's board is told: reminders that were sent, problems that readers reported."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from radrate.studies.models import Assignment, StudyReader


class Reminder(models.Model):
    """A mail that asked a reader to go on. Appended, never changed."""

    study_reader = models.ForeignKey(StudyReader, models.PROTECT, related_name="reminders")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        ordering = ["at"]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")

    def __str__(self) -> str:
        return f"{self.study_reader_id} {self.at:%Y-%m-%d %H:%M}"


class ProblemReport(models.Model):
    """What did not work for a reader at a case. Appended; only the study's manager sees it.

    The browser makes the id, so that sending twice is saving once. The viewport is in CSS pixels.
    """

    class Kind(models.TextChoices):
        NOT_LOADED = "not_loaded", _("An image does not load")
        DISPLAY = "display", _("Something is displayed wrongly")
        WRONG_VIEW = "wrong_view", _("It is not the view that it should be")
        TEXT = "text", _("There is text on an image")
        OTHER = "other", _("Something else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study_reader = models.ForeignKey(StudyReader, models.PROTECT, related_name="problems")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="problems")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.TextField(_("what happened"), blank=True)
    viewport_width = models.PositiveIntegerField(_("width of the window"))
    viewport_height = models.PositiveIntegerField(_("height of the window"))
    pixel_ratio = models.FloatField(_("pixel ratio"))
    browser = models.CharField(_("browser"), max_length=40)
    at = models.DateTimeField(_("reported"), auto_now_add=True)

    class Meta:
        ordering = ["at"]
        verbose_name = _("problem report")
        verbose_name_plural = _("problem reports")

    def __str__(self) -> str:
        return f"{self.kind} {self.assignment_id}"


class ProblemHandling(models.Model):
    """A manager has dealt with a report. Appended; once a report."""

    report = models.OneToOneField(
        ProblemReport, models.PROTECT, primary_key=True, related_name="handling"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=500, blank=True)
    at = models.DateTimeField(_("handled"), auto_now_add=True)

    class Meta:
        verbose_name = _("handled problem")
        verbose_name_plural = _("handled problems")

    def __str__(self) -> str:
        return f"{self.report_id} {self.at:%Y-%m-%d}"
