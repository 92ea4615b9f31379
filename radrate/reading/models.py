"""What readers answered. Ratings and scores are appended, never changed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from radrate.studies.models import Assignment, Criterion, Side, StudyReader


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
    """One criterion's value for one image of the case, or for the case (image blank)."""

    rating = models.ForeignKey(Rating, models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    image = models.CharField(_("image"), max_length=1, choices=Side, blank=True)
    value = models.SmallIntegerField(_("value"), null=True, blank=True)
    not_applicable = models.BooleanField(_("not applicable"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rating", "criterion", "image"], name="score_once_a_rating"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True, not_applicable=True)
                | Q(value__isnull=False, not_applicable=False),
                name="score_is_value_or_not_applicable",
            ),
        ]
        verbose_name = _("score")
        verbose_name_plural = _("scores")

    def __str__(self) -> str:
        return f"{self.criterion_id} {self.image} {self.value}"
