"""What readers are asked: a rubric, its criteria and the defects that a mark can name."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

MOST_POINTS = 10  # what the digit keys 1 to 9 and 0 reach


class Rubric(models.Model):
    """A question set. It is frozen by the lock of the first study that uses it.

    Without an owner it is shipped or, if `is_verdict`, a design's own questions.
    """

    name = models.CharField(_("name"), max_length=100)
    version = models.PositiveIntegerField(_("version"), default=1)
    title = models.CharField(_("title"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rubrics",
        verbose_name=_("owner"),
    )
    is_verdict = models.BooleanField(_("asked by the design"), default=False)
    frozen = models.BooleanField(_("frozen"), default=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="rubric_version_once"),
            models.CheckConstraint(
                condition=Q(is_verdict=False) | Q(owner=None), name="verdict_has_no_owner"
            ),
        ]
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Criterion(models.Model):
    """One question. Its possible values are `minimum` to `maximum`, or those of its `options`.

    `condition` is None or {"criterion": key, "values": [1, 2]}: asked only if that earlier
    criterion has one of these values; of one asked for each image, the value of the same image.
    """

    class Kind(models.TextChoices):
        SCALE = "scale", _("scale")
        CHOICE = "choice", _("choice")
        TEXT = "text", _("text")
        SIDE = "side", _("which image")
        VERDICT = "verdict", _("real or generated")
        PLACE = "place", _("place on the image")
        CONFIDENCE = "confidence", _("confidence")

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="criteria")
    key = models.SlugField(_("key"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SCALE)
    question = models.CharField(_("question"), max_length=200)
    hint = models.CharField(_("what to look at"), max_length=300, blank=True)
    per_image = models.BooleanField(_("asked for each image"), default=True)
    minimum = models.SmallIntegerField(_("lowest value"), default=1)
    maximum = models.SmallIntegerField(_("highest value"), default=5)
    anchors = models.JSONField(_("words for values"), default=dict, blank=True)
    options = models.JSONField(_("options"), default=list, blank=True)
    allows_not_applicable = models.BooleanField(_("n/a can be chosen"), default=False)
    required = models.BooleanField(_("required"), default=True)
    condition = models.JSONField(_("asked only if"), null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "key"], name="criterion_key_once"),
            models.UniqueConstraint(fields=["rubric", "position"], name="criterion_position_once"),
            models.CheckConstraint(
                condition=Q(minimum__gte=1, maximum__lte=MOST_POINTS, minimum__lt=F("maximum")),
                name="criterion_scale",
            ),
            models.CheckConstraint(
                condition=~Q(kind="side") | Q(per_image=False), name="side_asked_once_a_case"
            ),
            models.CheckConstraint(
                condition=~Q(kind="place") | Q(per_image=True), name="place_lies_on_an_image"
            ),
            models.CheckConstraint(
                condition=~Q(kind="choice") | ~Q(options=[]), name="choice_has_options"
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
