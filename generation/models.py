"""Campaigns, their jobs, and every output with its own outcome. Counts are over outputs."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5, Cast
from django.utils.translation import gettext_lazy as _

from radrate.images.models import Batch, Radiograph


class State(models.TextChoices):
    """States of a job and of an output."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("made")
    REFUSED = "refused", _("refused")
    UNSUPPORTED = "unsupported", _("unsupported")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Campaign(models.Model):
    """One backend and its parameters over prompts × sources × masks × samples."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        FINISHED = "finished", _("finished")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=200)
    preset = models.CharField(_("preset"), max_length=80, blank=True)
    backend = models.CharField(_("backend"), max_length=40)
    operation = models.CharField(_("operation"), max_length=20, default="text_to_image")
    width = models.PositiveIntegerField(_("width in px"))
    height = models.PositiveIntegerField(_("height in px"))
    seed = models.PositiveBigIntegerField(_("seed"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    batch = models.OneToOneField(Batch, models.PROTECT, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="campaigns"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")

    def __str__(self) -> str:
        return self.title


class GenerationJob(models.Model):
    """One request to the backend for n images. `position` is its prompt's place in the campaign.

    The prompt may be longer than a Postgres index row, so its digest is what is unique.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="jobs")
    position = models.PositiveIntegerField(_("position"))
    prompt = models.TextField(_("prompt"))
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    source = models.ForeignKey(Radiograph, models.PROTECT, null=True, blank=True, related_name="+")
    batch_number = models.PositiveIntegerField(_("batch"), default=0)
    n = models.PositiveSmallIntegerField(_("images"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUEUED)
    progress = models.FloatField(_("progress"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    losses = models.PositiveSmallIntegerField(_("leases that ran out"), default=0)
    lease = models.UUIDField(_("lease"), null=True, blank=True)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    next_attempt_at = models.DateTimeField(_("not before"), null=True, blank=True)
    reason_code = models.CharField(_("reason code"), max_length=60, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    seconds = models.FloatField(_("seconds"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                "campaign",
                MD5("prompt"),
                MD5(Cast("params", models.TextField())),
                "source",
                "batch_number",
                name="job_once_a_campaign",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease__isnull=False, lease_until__isnull=False),
                name="running_job_has_a_lease",
            ),
        ]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="job_waiting")]
        verbose_name = _("generation job")
        verbose_name_plural = _("generation jobs")

    def __str__(self) -> str:
        return f"{self.prompt} #{self.batch_number}"

    @property
    def percent(self) -> int:
        return round(100 * self.progress)


class Output(models.Model):
    """One of a job's n, with its own outcome."""

    job = models.ForeignKey(GenerationJob, models.CASCADE, related_name="outputs")
    index = models.PositiveSmallIntegerField(_("index"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUEUED)
    seed = models.BigIntegerField(_("seed"), null=True, blank=True)
    radiograph = models.OneToOneField(
        Radiograph, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason_code = models.CharField(_("reason code"), max_length=60, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint(fields=["job", "index"], name="output_once_a_job"),
            models.CheckConstraint(
                condition=Q(state="succeeded", radiograph__isnull=False)
                | (~Q(state="succeeded") & Q(radiograph__isnull=True)),
                name="made_output_has_an_image",
            ),
        ]
        verbose_name = _("output")
        verbose_name_plural = _("outputs")

    def __str__(self) -> str:
        return f"{self.job_id}:{self.index}"
