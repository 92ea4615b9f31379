"""Campaigns, their jobs, and every output with its own outcome. Counts are over outputs."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5, Cast
from django.utils.translation import gettext_lazy as _

from radrate.images.models import Batch, Radiograph

ARCHIVE = "archive"
"""The backend of campaigns whose images were made elsewhere and imported."""


class State(models.TextChoices):
    """States of a job and of an output."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("made")
    REFUSED = "refused", _("refused")
    UNSUPPORTED = "unsupported", _("unsupported")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Mask(models.Model):
    """The region of a source that is to be generated. Its file is a grey PNG, white = generate."""

    class Kind(models.TextChoices):
        DRAWN = "drawn", _("drawn")
        UPLOADED = "uploaded", _("uploaded")
        REGION = "region", _("region")
        RANDOM = "random", _("random")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Radiograph, models.PROTECT, related_name="+")
    label = models.CharField(_("label"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    recipe = models.JSONField(_("recipe"), default=dict, blank=True)
    area = models.FloatField(
        _("share of the image"), validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    file = models.FileField(_("file"), max_length=300)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "sha256"], name="mask_once_a_source"),
            models.CheckConstraint(
                condition=Q(area__gt=0, area__lt=1), name="mask_generates_a_part"
            ),
        ]
        verbose_name = _("mask")
        verbose_name_plural = _("masks")

    def __str__(self) -> str:
        return self.label


class Campaign(models.Model):
    """One backend and its parameters over prompts × sources × masks × samples."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        FINISHED = "finished", _("finished")
        CANCELLED = "cancelled", _("cancelled")

    class Operation(models.TextChoices):
        TEXT_TO_IMAGE = "text_to_image", _("text to image")
        INPAINT = "inpaint", _("inpainting")
        OUTPAINT = "outpaint", _("outpainting")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=200)
    preset = models.CharField(_("preset"), max_length=80, blank=True)
    backend = models.CharField(_("backend"), max_length=40)
    operation = models.CharField(
        _("operation"), max_length=20, choices=Operation, default=Operation.TEXT_TO_IMAGE
    )
    width = models.PositiveIntegerField(_("width in px"))
    height = models.PositiveIntegerField(_("height in px"))
    seed = models.PositiveBigIntegerField(_("seed"))
    negative_prompt = models.TextField(_("negative prompt"), blank=True)
    parameters = models.JSONField(_("parameters of the backend"), default=dict, blank=True)
    content_filter = models.CharField(_("content filter"), max_length=40, blank=True)
    budget = models.DecimalField(
        _("budget"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    spent = models.DecimalField(_("spent"), max_digits=12, decimal_places=4, default=0)
    left_out = models.JSONField(_("what of the plan found no source"), default=list, blank=True)
    pause_reason = models.TextField(_("why it is paused"), blank=True)
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
        constraints = [
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(spent__lte=models.F("budget")),
                name="budget_is_never_passed",
            ),
        ]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")

    def __str__(self) -> str:
        return self.title


def no_margins() -> list[int]:
    return [0, 0, 0, 0]


class GenerationJob(models.Model):
    """One request to the backend for n images. `position` is its place in the campaign's matrix of
    prompts × sources × masks.

    An edit's size is that of the working copy of its source with its margins (left, top, right,
    bottom, px). `asked` is how many images the backend is asked for, windows and candidates of a
    tiled outpainting included. The prompt may be longer than a Postgres index row, so its digest is
    what is unique.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="jobs")
    position = models.PositiveIntegerField(_("position"))
    prompt = models.TextField(_("prompt"))
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    source = models.ForeignKey(Radiograph, models.PROTECT, null=True, blank=True, related_name="+")
    mask = models.ForeignKey(Mask, models.PROTECT, null=True, blank=True, related_name="+")
    margins = ArrayField(
        models.PositiveIntegerField(), size=4, default=no_margins, verbose_name=_("margins in px")
    )
    width = models.PositiveIntegerField(_("width in px"))
    height = models.PositiveIntegerField(_("height in px"))
    asked = models.PositiveIntegerField(_("images asked of the backend"))
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
    charged = models.DecimalField(
        _("charged for the last attempt"), max_digits=12, decimal_places=4, default=0
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                "campaign",
                MD5("prompt"),
                MD5(Cast("params", models.TextField())),
                "source",
                "mask",
                "margins",
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
    categories = models.JSONField(_("what the filter named"), default=list, blank=True)
    distance = models.FileField(
        _("distance of each pixel to the source"), max_length=300, blank=True
    )

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


class Candidate(models.Model):
    """One of the images made for a window of a stepwise outpainting; the chosen one was taken."""

    output = models.ForeignKey(Output, models.CASCADE, related_name="candidates")
    step = models.PositiveSmallIntegerField(_("step"))
    number = models.PositiveSmallIntegerField(_("number"))
    box = ArrayField(models.PositiveIntegerField(), size=4, verbose_name=_("box in px"))
    score = models.FloatField(_("seam: mean difference in grey levels"))
    chosen = models.BooleanField(_("taken"))
    file = models.FileField(_("file"), max_length=300)

    class Meta:
        ordering = ["step", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["output", "step", "number"], name="candidate_once_a_step"
            ),
            models.UniqueConstraint(
                fields=["output", "step"], condition=Q(chosen=True), name="one_taken_a_step"
            ),
        ]
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")

    def __str__(self) -> str:
        return f"{self.output_id} {self.step}.{self.number}"


class BackendGate(models.Model):
    """Shared by all workers: when a backend with a rate limit may start its next job."""

    alias = models.CharField(_("alias"), max_length=40, primary_key=True)
    next_start_at = models.DateTimeField(_("next start not before"), null=True, blank=True)

    class Meta:
        verbose_name = _("backend gate")
        verbose_name_plural = _("backend gates")

    def __str__(self) -> str:
        return self.alias
