"""What readers answered. Ratings, scores and marks are appended, never changed."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from radrate.studies.models import (
    LABELS,
    Assignment,
    ConsentText,
    Phase,
    Side,
    StudyReader,
)
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
    paused_ms = models.PositiveIntegerField(_("pauses in ms"), default=0)
    pauses = models.JSONField(_("pauses"), default=list, blank=True)
    late = models.BooleanField(_("after the close"), default=False)
    reason = models.CharField(_("reason for the change"), max_length=500, blank=True)
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


class Localisation(models.Model):
    """How near a place is to the region that was changed. Made from what is stored, so that it can
    be made again; it tells the truth, and is exported after the unblinding only."""

    score = models.OneToOneField(
        Score, models.CASCADE, primary_key=True, related_name="localisation"
    )
    hit = models.BooleanField(_("hit"))
    distance = models.FloatField(_("distance in sides of the canvas"))
    chance = models.FloatField(_("share of the image on which a point is a hit"))
    tolerance = models.FloatField(_("tolerance in sides of the canvas"))

    class Meta:
        verbose_name = _("localisation")
        verbose_name_plural = _("localisations")

    def __str__(self) -> str:
        return f"{self.score_id} {self.distance}"


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


MOST_YEARS = 70


class Specialty(models.TextChoices):
    RADIOLOGY = "radiology", _("radiology")
    RADIOLOGY_TRAINING = "radiology_training", _("radiology, in training")
    PAEDIATRIC_RADIOLOGY = "paediatric_radiology", _("paediatric radiology")
    MUSCULOSKELETAL = "musculoskeletal_radiology", _("musculoskeletal radiology")
    NUCLEAR_MEDICINE = "nuclear_medicine", _("nuclear medicine")
    RADIOGRAPHY = "radiography", _("radiography")
    ORTHOPAEDICS = "orthopaedics", _("orthopaedics or trauma surgery")
    OTHER_CLINICAL = "other_clinical", _("another clinical specialty")
    STUDENT = "student", _("medical student")
    OTHER = "other", _("none of these")


class Region(models.TextChoices):
    NONE_IN_PARTICULAR = "none", _("none in particular")
    SKULL = "skull", _("head and neck")
    CHEST = "chest", _("chest")
    SPINE = "spine", _("spine")
    ABDOMEN_PELVIS = "abdomen_pelvis", _("abdomen and pelvis")
    UPPER_LIMB = "upper_limb", _("shoulder, arm and hand")
    LOWER_LIMB = "lower_limb", _("hip, leg and foot")


class Familiarity(models.IntegerChoices):
    NOT_AT_ALL = 1, _("not at all")
    SLIGHTLY = 2, _("slightly")
    SOMEWHAT = 3, _("somewhat")
    WELL = 4, _("well")
    VERY_WELL = 5, _("very well: I work on it")


class ReaderProfile(models.Model):
    """Who a reader is, as far as the study asks; answered once, kept under the slot."""

    study_reader = models.OneToOneField(StudyReader, models.PROTECT, related_name="profile")
    years_of_experience = models.PositiveSmallIntegerField(
        _("years of experience in reading radiographs"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_YEARS)],
    )
    specialty = models.CharField(_("specialty"), max_length=32, choices=Specialty, blank=True)
    region_of_expertise = models.CharField(
        _("region of expertise"), max_length=16, choices=Region, blank=True
    )
    ai_familiarity = models.PositiveSmallIntegerField(
        _("familiarity with artificial intelligence in imaging"),
        choices=Familiarity,
        null=True,
        blank=True,
    )
    at = models.DateTimeField(_("answered"), auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(years_of_experience__isnull=True)
                | Q(years_of_experience__lte=MOST_YEARS),
                name="profile_years",
            ),
            models.CheckConstraint(
                condition=Q(ai_familiarity__isnull=True) | Q(ai_familiarity__range=(1, 5)),
                name="profile_familiarity",
            ),
        ]
        verbose_name = _("reader profile")
        verbose_name_plural = _("reader profiles")

    def __str__(self) -> str:
        return str(self.study_reader_id)


class Consent(models.Model):
    """A reader has agreed to one version of the study's text. Appended; no address is kept."""

    study_reader = models.ForeignKey(StudyReader, models.PROTECT, related_name="consents")
    consent_text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    text_hash = models.CharField(_("SHA-256 of what was shown"), max_length=64)
    language = models.CharField(_("language of the page"), max_length=16)
    trail = models.BooleanField(_("to the viewer's trail, too"), default=False)
    given_at = models.DateTimeField(_("given"), auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study_reader", "consent_text"], name="consent_once_a_version"
            )
        ]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return f"{self.study_reader_id} {self.text_hash[:8]}"


class PhaseEntry(models.Model):
    """A reader has been told what a phase asks, and has agreed to its own text where it has one;
    word by word as it was shown. Appended."""

    study_reader = models.ForeignKey(StudyReader, models.PROTECT, related_name="entries")
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="+")
    text = models.TextField(_("what was shown"))
    text_hash = models.CharField(_("SHA-256 of what was shown"), max_length=64)
    language = models.CharField(_("language of the page"), max_length=16)
    at = models.DateTimeField(_("acknowledged"), auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study_reader", "phase"], name="phase_entered_once")
        ]
        verbose_name = _("entry to a phase")
        verbose_name_plural = _("entries to phases")

    def __str__(self) -> str:
        return f"{self.study_reader_id} {self.text_hash[:8]}"


class Certificate(models.Model):
    """That a reader took part. `code` proves it to whoever asks, without the name."""

    study_reader = models.OneToOneField(StudyReader, models.PROTECT, related_name="certificate")
    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name on the certificate"), max_length=120)
    cases = models.PositiveIntegerField(_("cases read"))
    minutes = models.PositiveIntegerField(_("minutes of reading"))
    first_on = models.DateField(_("first rating"))
    last_on = models.DateField(_("last rating"))
    issued_at = models.DateTimeField(_("issued"), auto_now_add=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")

    def __str__(self) -> str:
        return self.code


class Trail(models.Model):
    """What the reader did with the images until this sheet was sent; see `reading.trails`."""

    rating = models.OneToOneField(
        Rating, models.PROTECT, primary_key=True, related_name="trail", verbose_name=_("rating")
    )
    body = models.JSONField(_("trail"))

    class Meta:
        verbose_name = _("trail")
        verbose_name_plural = _("trails")

    def __str__(self) -> str:
        return str(self.rating_id)


class DisplayCheck(models.Model):
    """What a reader could tell apart, on what screen, when a session began. Sizes in CSS pixels;
    null where the browser did not tell."""

    study_reader = models.ForeignKey(StudyReader, models.PROTECT, related_name="display_checks")
    at = models.DateTimeField(_("time"), auto_now_add=True)
    skipped = models.BooleanField(_("skipped"), default=False)
    patches = models.JSONField(_("patches"), default=list, blank=True)
    screen_width = models.PositiveIntegerField(_("width of the screen"), null=True, blank=True)
    screen_height = models.PositiveIntegerField(_("height of the screen"), null=True, blank=True)
    viewport_width = models.PositiveIntegerField(_("width of the window"), null=True, blank=True)
    viewport_height = models.PositiveIntegerField(_("height of the window"), null=True, blank=True)
    pixel_ratio = models.FloatField(_("device pixel ratio"), null=True, blank=True)
    colour_depth = models.PositiveSmallIntegerField(
        _("colour depth in bits"), null=True, blank=True
    )
    duration_ms = models.PositiveIntegerField(_("time taken in ms"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["study_reader", "-at"], name="display_check_latest")]
        verbose_name = _("display check")
        verbose_name_plural = _("display checks")

    def __str__(self) -> str:
        return f"{self.study_reader_id} {self.at:%Y-%m-%d %H:%M}"
