"""Radiographs and the batches in which they came. Attributes keep their DICOM names."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    REAL = "real", _("real")
    SYNTHETIC = "synthetic", _("synthetic")
    SIMULATED = "simulated", _("simulated")


class Batch(models.Model):
    """One import or one campaign, with the denominators that every figure prints; or the mutated
    references of catch trials, which are outside of every count."""

    class Kind(models.TextChoices):
        IMPORT = "import", _("import")
        CAMPAIGN = "campaign", _("campaign")
        CATCH = "catch", _("catch trials")

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.RUNNING)
    reviewed = models.BooleanField(
        _("reviewed before import"),
        default=False,
        help_text=_("No image of this batch has to wait in the review queue."),
    )
    manifest = models.JSONField(_("manifest"), default=dict, blank=True)
    requested = models.PositiveIntegerField(_("requested"), default=0)
    made = models.PositiveIntegerField(_("made"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    unsupported = models.PositiveIntegerField(_("unsupported"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("batch")
        verbose_name_plural = _("batches")

    def __str__(self) -> str:
        return self.title


class Incoming(models.Model):
    """A file that was uploaded for an import and waits to be decoded."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="incoming")
    name = models.CharField(_("file name"), max_length=500)
    file = models.FileField(_("file"), max_length=300)

    class Meta:
        verbose_name = _("incoming file")
        verbose_name_plural = _("incoming files")

    def __str__(self) -> str:
        return self.name


class Rejection(models.Model):
    """A file of a batch that was not stored, and why."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rejections")
    name = models.CharField(_("file name"), max_length=500)
    code = models.CharField(_("code"), max_length=40)
    message = models.TextField(_("reason"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("rejection")
        verbose_name_plural = _("rejections")

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


class Radiograph(models.Model):
    """One de-identified grey projection image."""

    class State(models.TextChoices):
        PENDING_REVIEW = "pending_review", _("waits for review")
        ACCEPTED = "accepted", _("accepted")
        EXCLUDED = "excluded", _("excluded")

    class AgeGroup(models.TextChoices):
        UNKNOWN = "", _("unknown")
        ADULT = "adult", _("adult")
        CHILD = "child", _("child")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="radiographs")
    origin = models.CharField(_("origin"), max_length=16, choices=Origin)
    state = models.CharField(_("state"), max_length=16, choices=State)
    source_name = models.CharField(_("name at its source"), max_length=500)

    body_part_examined = models.CharField(_("body part examined"), max_length=32, blank=True)
    view_position = models.CharField(_("view position"), max_length=32, blank=True)
    image_laterality = models.CharField(_("image laterality"), max_length=2, blank=True)
    age_group = models.CharField(_("age group"), max_length=8, choices=AgeGroup, blank=True)
    finding = models.CharField(_("finding"), max_length=300, blank=True)
    photometric_interpretation = models.CharField(
        _("photometric interpretation"), max_length=16, default="MONOCHROME2"
    )
    modality = models.CharField(_("modality"), max_length=8, blank=True)
    rows = models.PositiveIntegerField(_("rows"))
    columns = models.PositiveIntegerField(_("columns"))
    bits_stored = models.PositiveSmallIntegerField(_("bits stored"))
    pixel_spacing = models.JSONField(_("pixel spacing (row, column) in mm"), null=True, blank=True)
    attributes = models.JSONField(_("other DICOM attributes"), default=dict, blank=True)
    subject_key = models.CharField(_("subject key"), max_length=64, blank=True, db_index=True)

    licence = models.CharField(_("licence"), max_length=200, blank=True)
    attribution = models.TextField(_("attribution"), blank=True)

    media_type = models.CharField(_("media type of the original"), max_length=40)
    sha256 = models.CharField(_("SHA-256 of the original"), max_length=64)
    pixel_hash = models.CharField(_("SHA-256 of the pixels"), max_length=64, db_index=True)
    original = models.FileField(_("original"), max_length=300)
    pixels = models.FileField(_("decoded pixels"), max_length=300)
    thumbnail = models.FileField(_("thumbnail"), max_length=300)

    source = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="edits",
        verbose_name=_("source"),
    )
    guides = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="guided")
    provenance = models.JSONField(_("provenance"), default=dict, blank=True)
    edited_region = models.FileField(_("region that was changed"), max_length=300, blank=True)
    edited_share = models.FloatField(_("share that was changed"), null=True, blank=True)

    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    excluded_because = models.CharField(_("reason of exclusion"), max_length=500, blank=True)
    excluded_at = models.DateTimeField(_("excluded"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name = _("radiograph")
        verbose_name_plural = _("radiographs")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "source_name"], name="radiograph_once_a_batch"
            ),
            models.UniqueConstraint(
                fields=["pixel_hash"],
                condition=Q(origin=Origin.REAL) & ~Q(state="excluded"),
                name="real_pixels_once",
                violation_error_message=_("This image was imported before."),
            ),
            models.CheckConstraint(
                condition=~Q(state="excluded") | ~Q(excluded_because=""),
                name="exclusion_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="excluded", excluded_at__isnull=False)
                | ~Q(state="excluded") & Q(excluded_at__isnull=True),
                name="exclusion_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="pending_review")
                | ~Q(origin=Origin.REAL)
                | Q(reviewed_at__isnull=False),
                name="real_is_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | ~Q(source=F("pk")), name="not_its_own_source"
            ),
        ]
        indexes = [
            models.Index(
                fields=["origin", "state", "body_part_examined", "view_position"],
                name="radiograph_pool",
            )
        ]

    def __str__(self) -> str:
        return f"{self.body_part_examined} {self.view_position} {self.image_laterality}".strip()


class Exposure(models.Model):
    """A person has seen this radiograph outside of a blinded reading."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    radiograph = models.ForeignKey(Radiograph, models.CASCADE, related_name="exposures")
    at = models.DateTimeField(_("first seen"), auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "radiograph"], name="exposure_once")]
        verbose_name = _("exposure")
        verbose_name_plural = _("exposures")

    def __str__(self) -> str:
        return f"{self.user_id} {self.radiograph_id}"


class BatchExposure(models.Model):
    """A person has opened this batch's page: its prompts, and whatever it shows."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    at = models.DateTimeField(_("first seen"), auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "batch"], name="batch_exposure_once")
        ]
        verbose_name = _("exposure to a batch")
        verbose_name_plural = _("exposures to batches")

    def __str__(self) -> str:
        return f"{self.user_id} {self.batch_id}"


class Embargo(models.Model):
    """A person reads this radiograph blind and may not see it elsewhere until the reading ends."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    radiograph = models.ForeignKey(Radiograph, models.CASCADE, related_name="embargoes")
    held_by = models.UUIDField(_("held by"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "radiograph", "held_by"], name="embargo_once_a_holder"
            )
        ]
        verbose_name = _("embargo")
        verbose_name_plural = _("embargoes")

    def __str__(self) -> str:
        return f"{self.user_id} {self.radiograph_id}"
