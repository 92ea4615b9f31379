"""What readers answered. Ratings, scores and marks are appended, never changed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from radrate.studies.models import LABELS, Assignment, Side, StudyReader
from radrate.studies.rubrics.models import Criterion, DefectTag

NO_PLACE = Q(x__isnull=True, y__isnull=True)
A_PLACE = Q(x__isnull=False, x__gte=0, x__lte=1) & Q(y__isnull=False, y__gte=0, y__lte=1)


class BlockSubmission(models.Model):
    """A reader has handed in a block; its answers can no longer be revised."""

    study_reader = models.ForeignKey(StudyReader, models.PROTECT, related_name="submissions")
    block = models.PositiveIntegerField(_("block"))
    at = models.DateTimeField(_("submitted"), auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study_reader", "block"], name="block_submitted_once")
        ]
        verbose_name = _("block submission")
        verbose_name_plural = _("block submissions")

    def __str__(self) -> str:
        return f"{self.study_reader_id} {self.block}"


class Rating(models.Model):
    """One answer sheet. The client makes the id, so that sending twice is saving once."""

    id = models.UUIDField(primary_key=True)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="ratings")
    revision = models.PositiveIntegerField(_("revision"))
    comment = models.TextField(_("comment"), blank=True)
    duration_ms = models.PositiveIntegerField(_("time on the case in ms"))
    body_hash = models.CharField(_("SHA-256 of what was sent"), max_length=64)
    at = models.DateTimeField(_("submitted"), auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "revision"], name="rating_revision_once"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="rating_revision_from_one"),
        ]
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")

    def __str__(self) -> str:
        return f"{self.assignment_id} r{self.revision}"


class Score(models.Model):
    """One criterion's answer for one image of the case, or for the case (image blank): a value,
    n/a, a text, or a place in fractions of the rendition's square canvas."""

    rating = models.ForeignKey(Rating, models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    image = models.CharField(_("image"), max_length=1, choices=Side, blank=True)
    value = models.SmallIntegerField(_("value"), null=True, blank=True)
    not_applicable = models.BooleanField(_("not applicable"), default=False)
    text = models.TextField(_("text"), blank=True)
    x = models.DecimalField(
        _("from the left"), max_digits=6, decimal_places=5, null=True, blank=True
    )
    y = models.DecimalField(
        _("from the top"), max_digits=6, decimal_places=5, null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rating", "criterion", "image"], name="score_once_a_rating"
            ),
            models.CheckConstraint(
                condition=NO_PLACE & Q(text="", value__isnull=True, not_applicable=True)
                | NO_PLACE & Q(text="", value__isnull=False, not_applicable=False)
                | NO_PLACE & ~Q(text="") & Q(value__isnull=True, not_applicable=False)
                | A_PLACE & Q(text="", value__isnull=True, not_applicable=False),
                name="score_is_one_answer",
            ),
            models.CheckConstraint(
                condition=NO_PLACE | ~Q(image=""), name="score_place_on_an_image"
            ),
        ]
        verbose_name = _("score")
        verbose_name_plural = _("scores")

    def __str__(self) -> str:
        return f"{self.criterion_id} {self.image} {self.value}"


class Mark(models.Model):
    """A place on an image with a defect. Lengths are fractions of the rendition's square canvas;
    a box is told by its upper left corner, a point has no extent."""

    class Shape(models.TextChoices):
        POINT = "point", _("point")
        BOX = "box", _("box")

    class Severity(models.IntegerChoices):
        MINOR = 1, _("minor")
        MODERATE = 2, _("moderate")
        SEVERE = 3, _("severe")

    rating = models.ForeignKey(Rating, models.PROTECT, related_name="marks")
    number = models.PositiveSmallIntegerField(_("number"))
    image = models.CharField(_("image"), max_length=1, choices=Side)
    shape = models.CharField(_("shape"), max_length=5, choices=Shape)
    x = models.DecimalField(_("from the left"), max_digits=6, decimal_places=5)
    y = models.DecimalField(_("from the top"), max_digits=6, decimal_places=5)
    width = models.DecimalField(_("width"), max_digits=6, decimal_places=5)
    height = models.DecimalField(_("height"), max_digits=6, decimal_places=5)
    tag = models.ForeignKey(DefectTag, models.PROTECT, related_name="+", verbose_name=_("defect"))
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["rating", "number"], name="mark_number_once_a_rating"),
            models.CheckConstraint(condition=Q(number__gte=1), name="mark_number_from_one"),
            models.CheckConstraint(condition=Q(image__in=list(LABELS)), name="mark_on_an_image"),
            models.CheckConstraint(
                condition=Q(shape="point", width=0, height=0)
                | Q(shape="box", width__gt=0, height__gt=0),
                name="mark_is_point_or_box",
            ),
            models.CheckConstraint(
                condition=Q(x__gte=0, y__gte=0, x__lte=1 - F("width"), y__lte=1 - F("height")),
                name="mark_within_the_image",
            ),
            models.CheckConstraint(
                condition=Q(severity__gte=1, severity__lte=3), name="mark_severity"
            ),
        ]
        verbose_name = _("mark")
        verbose_name_plural = _("marks")

    def __str__(self) -> str:
        return f"{self.number} {self.image} {self.tag_id}"
