"""The experiment: its protocol, cases, readers and allocation."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from radrate.blinding.models import RenditionSet
from radrate.images.models import Batch, Origin, Radiograph


def new_token() -> str:
    """256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)


class Side(models.TextChoices):
    A = "A", "A"
    B = "B", "B"


class Rubric(models.Model):
    """A question set. It is frozen by the lock of the first study that uses it."""

    name = models.CharField(_("name"), max_length=100)
    version = models.PositiveIntegerField(_("version"), default=1)
    frozen = models.BooleanField(_("frozen"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="rubric_version_once")
        ]
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Criterion(models.Model):
    class Kind(models.TextChoices):
        SCALE = "scale", _("scale")
        SIDE = "side", _("which image")
        CONFIDENCE = "confidence", _("confidence")

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="criteria")
    key = models.SlugField(_("key"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SCALE)
    question = models.CharField(_("question"), max_length=200)
    per_image = models.BooleanField(_("asked for each image"), default=True)
    minimum = models.SmallIntegerField(_("lowest value"), default=1)
    maximum = models.SmallIntegerField(_("highest value"), default=5)
    anchors = models.JSONField(_("words for values"), default=dict, blank=True)
    allows_not_applicable = models.BooleanField(_("n/a can be chosen"), default=False)
    required = models.BooleanField(_("required"), default=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "key"], name="criterion_key_once"),
            models.UniqueConstraint(fields=["rubric", "position"], name="criterion_position_once"),
            models.CheckConstraint(
                condition=Q(minimum__gte=1, maximum__lte=10, minimum__lt=F("maximum")),
                name="criterion_scale",
            ),
            models.CheckConstraint(
                condition=Q(kind="scale") | Q(per_image=False), name="only_scales_per_image"
            ),
        ]
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")

    def __str__(self) -> str:
        return self.key


class DefectTag(models.Model):
    """A kind of defect that a reader can give to a mark; frozen with its rubric."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="tags")
    key = models.SlugField(_("key"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"))
    group = models.CharField(_("group"), max_length=40)
    label = models.CharField(_("label"), max_length=60)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "key"], name="tag_key_once"),
            models.UniqueConstraint(fields=["rubric", "position"], name="tag_position_once"),
        ]
        verbose_name = _("defect tag")
        verbose_name_plural = _("defect tags")

    def __str__(self) -> str:
        return self.key


class ReaderStudy(models.Model):
    class Task(models.TextChoices):
        WHICH_REAL = "which_real", _("Which image is real?")
        WHICH_INTACT = "which_intact", _("Which image is intact?")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        LOCKING = "locking", _("being locked")
        LOCKED = "locked", _("locked")
        OPEN = "open", _("open")
        PAUSED = "paused", _("paused")
        CLOSED = "closed", _("closed")
        UNBLINDED = "unblinded", _("unblinded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(_("number"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    task = models.CharField(_("task"), max_length=16, choices=Task)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="studies", verbose_name=_("manager")
    )
    batches = models.ManyToManyField(Batch, related_name="+", verbose_name=_("campaigns"))
    matching_rules = models.JSONField(_("matching rules"))
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="studies")
    seed = models.PositiveBigIntegerField(_("seed"))
    block_size = models.PositiveIntegerField(_("cases a block"), default=12)
    keeps_trail = models.BooleanField(_("the viewer's trail is kept"), default=False)
    protocol = models.JSONField(_("protocol"), null=True, blank=True)
    protocol_hash = models.CharField(_("protocol hash"), max_length=64, blank=True)
    rendition_set = models.ForeignKey(
        RenditionSet, models.PROTECT, null=True, blank=True, related_name="+"
    )
    problem = models.TextField(_("what stopped the lock"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    unblinded_at = models.DateTimeField(_("unblinded"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("reader study")
        verbose_name_plural = _("reader studies")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "locking"]) | ~Q(protocol_hash=""),
                name="locked_study_has_a_protocol",
            ),
            models.CheckConstraint(
                condition=~Q(state="unblinded")
                | Q(closed_at__isnull=False, unblinded_at__isnull=False),
                name="unblinded_after_close",
            ),
            models.CheckConstraint(condition=Q(block_size__gte=1), name="block_size_positive"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def neutral_title(self) -> str:
        """What readers are told; the study's own name may give the aim away."""
        return _("Reading %(number)s") % {"number": self.number}

    @property
    def reference_origin(self) -> str:
        return Origin.REAL if self.task == self.Task.WHICH_REAL else Origin.SIMULATED


class Arm(models.Model):
    """A condition compared: one campaign's images."""

    study = models.ForeignKey(ReaderStudy, models.CASCADE, related_name="arms")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    label = models.CharField(_("label"), max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "batch"], name="arm_once")]
        verbose_name = _("arm")
        verbose_name_plural = _("arms")

    def __str__(self) -> str:
        return self.label


class Case(models.Model):
    """What is shown at once: here a pair, the reference and the image under test."""

    study = models.ForeignKey(ReaderStudy, models.CASCADE, related_name="cases")
    arm = models.ForeignKey(Arm, models.CASCADE, related_name="cases")
    number = models.PositiveIntegerField(_("number"))
    reference = models.ForeignKey(Radiograph, models.PROTECT, related_name="+")
    candidate = models.ForeignKey(Radiograph, models.PROTECT, related_name="+")
    body_part_examined = models.CharField(_("body part examined"), max_length=32)
    view_position = models.CharField(_("view position"), max_length=32, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="case_number_once"),
            models.UniqueConstraint(fields=["study", "reference"], name="reference_once_a_study"),
            models.UniqueConstraint(fields=["study", "candidate"], name="candidate_once_a_study"),
            models.CheckConstraint(
                condition=~Q(reference=F("candidate")), name="pair_of_two_images"
            ),
        ]
        verbose_name = _("case")
        verbose_name_plural = _("cases")

    def __str__(self) -> str:
        return str(self.number)


class Unmatched(models.Model):
    """A candidate for which no reference was left, and why."""

    study = models.ForeignKey(ReaderStudy, models.CASCADE, related_name="unmatched")
    radiograph = models.ForeignKey(Radiograph, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "radiograph"], name="unmatched_once")
        ]
        verbose_name = _("unmatched image")
        verbose_name_plural = _("unmatched images")

    def __str__(self) -> str:
        return self.reason


class StudyReader(models.Model):
    """An enrolled reader; the slot decides order and sides together with the study's seed."""

    study = models.ForeignKey(ReaderStudy, models.CASCADE, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="readings")
    slot = models.PositiveIntegerField(_("slot"))
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    class Meta:
        ordering = ["slot"]
        constraints = [
            models.UniqueConstraint(fields=["study", "user"], name="reader_once_a_study"),
            models.UniqueConstraint(fields=["study", "slot"], name="slot_once_a_study"),
        ]
        verbose_name = _("reader")
        verbose_name_plural = _("readers")

    def __str__(self) -> str:
        return f"{self.study_id} {self.slot}"


class Assignment(models.Model):
    """One reader × one case, with its place in the order and the side of the reference."""

    study_reader = models.ForeignKey(StudyReader, models.CASCADE, related_name="assignments")
    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    position = models.PositiveIntegerField(_("position"))
    block = models.PositiveIntegerField(_("block"))
    reference_side = models.CharField(_("side of the reference"), max_length=1, choices=Side)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    token_a = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    token_b = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    shown_at = models.DateTimeField(_("first shown"), null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["study_reader", "case"], name="case_once_a_reader"),
            models.UniqueConstraint(
                fields=["study_reader", "position"], name="position_once_a_reader"
            ),
        ]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return f"{self.study_reader_id} {self.position}"
